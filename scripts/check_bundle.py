#!/usr/bin/env python3
"""Checks a story bundle, independently of src/verify/.

Written from docs/formats/custody-log.md and docs/formats/bundle-proof.md alone,
with the Python 3.11 standard library alone; Ed25519 is below, from RFC 8032.

    check_bundle.py <bundle> [--json] [--key <vkey>]     0 no findings, 3 findings, 2 usage

`--key` is a signed-note verifier key obtained elsewhere, or a file that holds one.
"""

import base64
import binascii
import calendar
import hashlib
import json
import os
import re
import stat
import sys

LARGEST = 2**53 - 1
MANIFEST = "proof/manifest.sha256"
LOG = "proof/log/"
KEY, CHECKPOINT, OPENED = LOG + "key.vkey", LOG + "checkpoint", LOG + "opened"
LIMITS = {
    "manifest": 16777216,
    "key": 1024,
    "checkpoint": 65536,
    "opened": 1048576,
    "entry": 65536,
    "receipt": 131072,
    "recipe": 1048576,
}
MAX_FILES = 200000
MAX_LINES = 200000


class Bad(Exception):
    """Text that is not as the format says."""


def demand(condition, why):
    if not condition:
        raise Bad(why)


def sha256(data):
    return hashlib.sha256(data).digest()


# --- Ed25519, RFC 8032 section 5.1, with the rules of custody-log.md section 5 ---

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def point_add(a, b):
    """Extended homogeneous coordinates, section 5.1.4."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return (x * y % P, z * t % P, y * z % P, x * t % P)


def point_multiply(scalar, point):
    result = NEUTRAL
    while scalar:
        if scalar & 1:
            result = point_add(result, point)
        point = point_add(point, point)
        scalar >>= 1
    return result


def point_encode(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def point_decode(encoded):
    """None when no point of the curve has this encoding."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = point_decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def small_order_ys():
    """y of the points whose order divides 8: eight times them is the neutral point."""
    known = [
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ]
    return {0, 1, P - 1} | {int.from_bytes(bytes.fromhex(y), "little") for y in known}


SMALL_ORDER = small_order_ys()


def sound_encoding(encoded):
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    return y < P and y not in SMALL_ORDER


def ed25519_verifies(public_key, message, signature):
    if len(signature) != 64 or not sound_encoding(signature[:32]):
        return False
    key_point = point_decode(public_key)
    s = int.from_bytes(signature[32:], "little")
    if key_point is None or s >= ORDER:
        return False
    k = hashlib.sha512(signature[:32] + public_key + message).digest()
    k = int.from_bytes(k, "little") % ORDER
    x, y, z, t = key_point
    minus_key = (P - x if x else 0, y, z, P - t if t else 0)
    return point_encode(point_add(point_multiply(s, BASE), point_multiply(k, minus_key))) == signature[:32]


# --- Texts -----------------------------------------------------------------------


def decode_utf8(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("not UTF-8") from None


def decode_base64(text):
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise Bad("not base64") from None
    demand(base64.b64encode(data).decode() == text, "base64 is not canonical")
    return data


def decode_hash(text):
    data = decode_base64(text)
    demand(len(data) == 32, "a hash has 32 bytes")
    return data


def decode_number(text):
    demand(re.fullmatch(r"0|[1-9][0-9]{0,15}", text, re.ASCII) and int(text) <= LARGEST, "not an index or size")
    return int(text)


SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def json_string(text):
    demand(not any("\ud800" <= c <= "\udfff" for c in text), "lone surrogate")
    return '"' + "".join(SHORT_ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


def json_text(value, depth=1):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        demand(-LARGEST <= value <= LARGEST, "integer too large")
        return str(value)
    if isinstance(value, str):
        return json_string(value)
    demand(depth <= 32, "nested too deep")
    if isinstance(value, list):
        return "[" + ",".join(json_text(v, depth + 1) for v in value) + "]"
    demand(isinstance(value, dict), "a number is not an integer")
    names = sorted(value, key=lambda n: n.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(json_string(n) + ":" + json_text(value[n], depth + 1) for n in names) + "}"


def canonical_json(text):
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Bad("not JSON") from None
    demand(json_text(value) == text, "not canonical JSON")
    return value


# --- Custody log -------------------------------------------------------------------


def pattern(expression):
    compiled = re.compile(expression, re.ASCII)
    return lambda v: isinstance(v, str) and compiled.fullmatch(v) is not None


def at_least(least):
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= least


is_hash = pattern("[0-9a-f]{64}")


def is_moment(value):
    form = r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?Z"
    found = re.fullmatch(form, value, re.ASCII) if isinstance(value, str) else None
    if found is None:
        return False
    year, month, day, hour, minute, second = map(int, found.groups())
    if year < 1 or not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59:
        return False
    return 1 <= day <= calendar.monthrange(year, month)[1]


def is_item_list(value):
    if not isinstance(value, list) or not 1 <= len(value) <= 1000 or not all(map(is_hash, value)):
        return False
    return all(a < b for a, b in zip(value, value[1:]))


def is_name(value):
    return isinstance(value, str) and 1 <= len(value.encode("utf-16-be", "surrogatepass")) // 2 <= 1024


WORD = pattern("[a-z][a-z0-9-]{0,63}")
MEDIA_TYPE = "[a-z0-9][a-z0-9.+-]{0,63}"
INCIDENT = pattern("[a-z0-9][a-z0-9-]{0,99}")
RECORD = pattern("[a-z0-9][a-z0-9-]{0,63}")
PERSON = pattern("p-[0-9a-f]{16}")
WITHIN = pattern("[*]|[a-z0-9][a-z0-9-]{0,99}")
COMMON = {"at": is_moment, "actor": pattern("[a-z0-9][a-z0-9:._-]{0,63}"), "tool": pattern("[ -~]{1,200}")}
RECORDS = {
    "incident-opened": {"incident": INCIDENT},
    "item-received": {
        "incident": INCIDENT,
        "item": is_hash,
        "sizeBytes": at_least(0),
        "mediaType": pattern(f"{MEDIA_TYPE}/{MEDIA_TYPE}"),
    },
    "item-seen-again": {"incident": INCIDENT, "item": is_hash},
    "item-collected": {"incident": INCIDENT, "item": is_hash, "collectionSha256": is_hash},
    "item-named": {"item": is_hash, "name": is_name},
    "case-imported": {"incident": INCIDENT, "caseSha256": is_hash, "storySha256": is_hash},
    "case-written": {"incident": INCIDENT, "caseSha256": is_hash, "storySha256": is_hash},
    "case-record-edited": {
        "incident": INCIDENT,
        "kind": WORD,
        "record": RECORD,
        "version": at_least(1),
        "bodySha256": is_hash,
    },
    "case-record-removed": {"incident": INCIDENT, "kind": WORD, "record": RECORD, "version": at_least(1)},
    "comments-posted": {"incident": INCIDENT, "comments": is_item_list},
    "comment-decided": {"incident": INCIDENT, "commentSha256": is_hash, "decision": pattern("approved|rejected")},
    "derivative-made": {"incident": INCIDENT, "kind": WORD, "recipeSha256": is_hash, "outputSha256": is_hash},
    "alignment-made": {"incident": INCIDENT, "inputs": is_item_list, "resultSha256": is_hash},
    "story-published": {"incident": INCIDENT, "revision": at_least(1), "manifestSha256": is_hash},
    "finding-noted": {"item": is_hash, "code": WORD},
    "link-opened": {"incident": INCIDENT, "link": WORD},
    "link-closed": {"incident": INCIDENT, "link": WORD},
    "tip-received": {"incident": INCIDENT, "link": WORD, "tip": WORD},
    "tip-file-received": {"incident": INCIDENT, "tip": WORD, "item": is_hash, "sizeBytes": at_least(0)},
    "tip-accepted": {"incident": INCIDENT, "tip": WORD},
    "tip-declined": {"incident": INCIDENT, "tip": WORD},
    "tip-withdrawn": {"incident": INCIDENT, "tip": WORD},
    "original-read": {"incident": INCIDENT, "item": is_hash},
    "role-given": {"person": PERSON, "role": WORD, "within": WITHIN},
    "role-taken": {"person": PERSON, "role": WORD, "within": WITHIN},
    "recovery-link-made": {"person": PERSON},
}
NEVER_PUBLIC = {
    "item-named",
    "case-record-edited",
    "case-record-removed",
    "comments-posted",
    "comment-decided",
    "original-read",
    "role-given",
    "role-taken",
    "recovery-link-made",
}


def read_record(text):
    record = canonical_json(text)
    demand(isinstance(record, dict), "a record is an object")
    kind = record.get("type")
    demand(isinstance(kind, str) and kind in RECORDS, "unknown type")
    members = COMMON | RECORDS[kind]
    demand(record.keys() == members.keys() | {"type"}, "members are not those of the type")
    for name, holds in members.items():
        demand(holds(record[name]), f"{name} is not well-formed")
    return record


def commitment_of(record_text, salt):
    return sha256(b"sightline/custody-record/v1\n" + salt + record_text.encode("utf-8"))


NAME = pattern("[!-*,-~]{1,200}")


def read_key(line):
    """(name, key ID, public key) of a vkey without line feed."""
    parts = line.split("+", 2)
    demand(len(parts) == 3 and NAME(parts[0]), "not a vkey")
    name, key_id, data = parts[0], parts[1], decode_base64(parts[2])
    demand(len(data) == 33 and data[0] == 1, "not an Ed25519 key")
    demand(sound_encoding(data[1:]), "not a usable point")
    demand(sha256(name.encode() + b"\n" + data)[:4].hex() == key_id, "the key ID is another key's")
    return name, key_id, data[1:]


class Checkpoint:
    def __init__(self, data):
        text = decode_utf8(data)
        demand(text.endswith("\n"), "last line not ended")
        lines = text[:-1].split("\n")
        demand(len(lines) >= 5 and lines[3] == "" and NAME(lines[0]), "not a checkpoint")
        demand(len(lines) <= 4 + 16, "too many signatures")
        self.origin, self.size, self.root = lines[0], decode_number(lines[1]), decode_hash(lines[2])
        self.signed = "".join(line + "\n" for line in lines[:3]).encode()
        self.signatures = {}
        for line in lines[4:]:
            found = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
            demand(found and NAME(found[1]), "not a signature line")
            signature = decode_base64(found[2])
            demand(5 <= len(signature) <= 8192, "no signature is so long")
            signer = (found[1], signature[:4].hex())
            demand(signer not in self.signatures, "a key signed twice")
            self.signatures[signer] = signature[4:]

    def is_signed_by(self, key):
        name, key_id, public_key = key
        signature = self.signatures.get((name, key_id))
        if signature is None or self.origin != name:
            return False
        return ed25519_verifies(public_key, self.signed, signature)


class Receipt:
    def __init__(self, data):
        head, separator, self.checkpoint = data.partition(b"\n\n")
        demand(separator, "no checkpoint")
        lines = decode_utf8(head).split("\n")
        demand(3 <= len(lines) <= 3 + 63 and lines[0] == "c2sp.org/tlog-proof@v1", "not a tlog-proof")
        demand(lines[1].startswith("extra ") and lines[2].startswith("index "), "extra or index is missing")
        self.commitment = decode_hash(lines[1][6:])
        self.index = decode_number(lines[2][6:])
        self.path = [decode_hash(line) for line in lines[3:]]


def node(left, right):
    return sha256(b"\x01" + left + right)


def split_of(size):
    """The largest power of two below size (RFC 9162 section 2.1.1)."""
    return 1 << ((size - 1).bit_length() - 1)


def root_from_path(index, size, leaf, path):
    """RFC 9162 section 2.1.1 read from the root down; None when the path has another length."""
    sides = []
    while size > 1:
        split = split_of(size)
        if index < split:
            sides.append("right")
            size = split
        else:
            sides.append("left")
            index, size = index - split, size - split
    if len(sides) != len(path):
        return None
    for side, sibling in zip(reversed(sides), path):
        leaf = node(leaf, sibling) if side == "right" else node(sibling, leaf)
    return leaf


def leads_to_root(index, size, leaf, path, root):
    return index < size and root_from_path(index, size, leaf, path) == root


# --- The bundle --------------------------------------------------------------------


def is_safe_path(path):
    segments = path.split("/")
    if len(path) > 512 or len(segments) > 16:
        return False
    return all(
        re.fullmatch("[A-Za-z0-9._-]{1,128}", s, re.ASCII) and not s.startswith(".") and not s.endswith(".")
        for s in segments
    )


def read_manifest(data):
    """({path: hash}, [codes]). Bytes are taken one by one as Latin-1: nothing above ~ is accepted."""
    accepted, lowered, codes, last = {}, set(), [], ""
    *lines, rest = data.decode("latin-1").split("\n")
    if rest:
        codes.append("manifest-malformed")
    for line in lines:
        found = re.fullmatch("([0-9a-f]{64})  ([ -~]+)", line)
        if not found:
            codes.append("manifest-malformed")
            continue
        path, low = found[2], found[2].lower()
        if not is_safe_path(path):
            codes.append("manifest-path-unsafe")
        elif low == MANIFEST or low.startswith(LOG):
            codes.append("manifest-malformed")
        elif low in lowered:
            codes.append("manifest-path-duplicate")
        elif path <= last:
            codes.append("manifest-malformed")
        else:
            accepted[path] = found[1]
            lowered.add(low)
            last = path
    return accepted, codes


def read_recipe(data):
    recipe = canonical_json(decode_utf8(data))
    demand(isinstance(recipe, dict), "a recipe is an object")
    demand(recipe.keys() == {"format", "kind", "inputs", "parameters", "tool"}, "not a recipe's members")
    demand(recipe["format"] == "sightline-recipe/1" and WORD(recipe["kind"]), "format or kind")
    demand(isinstance(recipe["parameters"], dict) and isinstance(recipe["tool"], dict), "parameters or tool")
    demand(isinstance(recipe["inputs"], list) and len(recipe["inputs"]) <= 1000, "inputs")
    demand(recipe["inputs"] or recipe["kind"] == "cover", "made from nothing")
    inputs = []
    for entry in recipe["inputs"]:
        demand(isinstance(entry, dict), "an input is an object")
        ways = [way for way in ("item", "derivative") if way in entry]
        demand(len(ways) == 1 and is_hash(entry[ways[0]]), "an input is one item or one derivative")
        inputs.append((ways[0], entry[ways[0]]))
    return recipe["kind"], inputs


def read_opened(data):
    *lines, rest = decode_utf8(data).split("\n")
    demand(not rest and lines, "not lines of indices")
    indices = [decode_number(line) for line in lines]
    demand(all(a < b for a, b in zip(indices, indices[1:])), "not ascending")
    return indices


def read_entry(data, index):
    entry = canonical_json(decode_utf8(data))
    demand(isinstance(entry, dict) and entry.keys() == {"index", "record", "salt"}, "not an entry")
    demand(type(entry["index"]) is int and entry["index"] == index, "another index")
    demand(isinstance(entry["record"], str) and is_hash(entry["salt"]), "record or salt")
    return entry["record"], bytes.fromhex(entry["salt"])


def shown(path):
    """Printable: a file's name is hostile text."""
    text = "".join(c if " " <= c <= "~" and c != "\\" else f"\\u{{{ord(c):x}}}" for c in path[:300])
    return text[:300]


class Check:
    def __init__(self, folder, trusted):
        self.folder, self.trusted = folder, trusted
        self.findings, self.facts, self.files = {}, {}, {}

    def find(self, code, path=None, why=""):
        self.findings.setdefault((code, None if path is None else shown(path)), why)

    def list_files(self):
        def fail(error):
            raise error

        for root, folders, names in os.walk(self.folder, onerror=fail):
            links = [name for name in folders if os.path.islink(os.path.join(root, name))]
            for name in names + links:
                full = os.path.join(root, name)
                mode = os.lstat(full)
                path = os.path.relpath(full, self.folder).replace(os.sep, "/")
                self.files[path] = mode.st_size if stat.S_ISREG(mode.st_mode) else None
                if len(self.files) > MAX_FILES:
                    raise OSError("too many files")

    def open(self, path):
        # O_NOFOLLOW: the file may have become a link since it was listed.
        full = os.path.join(self.folder, path)
        return os.fdopen(os.open(full, os.O_RDONLY | os.O_NOFOLLOW), "rb")

    def content(self, path, limit):
        if self.files.get(path) is None:
            return None
        try:
            with self.open(path) as file:
                data = file.read(limit + 1)
        except OSError:
            self.find("file-unreadable", path)
            return None
        if len(data) > limit:
            self.find("file-too-large", path)
            return None
        return data

    def hash_of(self, path):
        if self.files.get(path) is None:
            return None
        try:
            with self.open(path) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            self.find("file-unreadable", path)
            return None

    def parse(self, code, path, reader, *arguments):
        try:
            return reader(*arguments)
        except Bad as bad:
            self.find(code, path, str(bad))
            return None

    def run(self):
        try:
            self.list_files()
        except OSError:
            self.find("bundle-unreadable")
            return
        for path, size in self.files.items():
            if size is None:
                self.find("file-not-regular", path)
        self.check_manifest()
        self.check_opened()
        self.check_files()
        self.check_key_and_checkpoint()
        self.check_entries()
        self.check_publication()
        self.check_recipes()
        self.check_chain()
        self.facts["files"] = len(self.files)
        self.facts["bytes"] = sum(size or 0 for size in self.files.values())
        self.facts["entries"] = len(self.opened)

    def check_manifest(self):
        self.manifest, self.manifest_hash = None, None
        data = self.content(MANIFEST, LIMITS["manifest"])
        if data is not None and data.count(b"\n") > MAX_LINES:
            self.find("file-too-large", MANIFEST)
        elif data is not None:
            self.manifest, codes = read_manifest(data)
            self.manifest_hash = sha256(data).hex()
            for code in codes:
                self.find(code, MANIFEST)

    def check_opened(self):
        data = self.content(OPENED, LIMITS["opened"])
        listed = None if data is None else self.parse("opened-malformed", OPENED, read_opened, data)
        if listed is None:
            form = re.compile(LOG + r"(?:entries/(\d+)\.json|receipts/(\d+)\.tlog-proof)", re.ASCII)
            present = set()
            for path in self.files:
                found = form.fullmatch(path)
                try:
                    present.add(decode_number(found[1] or found[2]) if found else -1)
                except Bad:
                    pass
            listed = sorted(present - {-1})
        self.opened = listed

    def check_files(self):
        log = {KEY, CHECKPOINT, OPENED}
        for index in self.opened:
            log |= {f"{LOG}entries/{index}.json", f"{LOG}receipts/{index}.tlog-proof"}
        lines = self.manifest or {}
        for path in {MANIFEST} | log | lines.keys():
            if path not in self.files:
                self.find("file-missing", path)
        for path, size in self.files.items():
            if size is None:
                continue
            if path.startswith(LOG):
                if path not in log:
                    self.find("file-extra", path)
            elif self.manifest is not None and path != MANIFEST and path not in lines:
                self.find("file-extra", path)
        for path, expected in lines.items():
            actual = self.hash_of(path)
            if actual is not None and actual != expected:
                self.find("file-changed", path)

    def check_key_and_checkpoint(self):
        key = None
        data = self.content(KEY, LIMITS["key"])
        if data is not None:

            def whole_line():
                text = decode_utf8(data)
                demand(text.endswith("\n"), "line not ended")
                return read_key(text[:-1])

            key = self.parse("key-malformed", KEY, whole_line)
        if key and self.trusted and key != self.trusted:
            self.find("key-not-trusted", KEY)
        self.head_bytes = self.content(CHECKPOINT, LIMITS["checkpoint"])
        self.head = None
        if self.head_bytes is not None:
            self.head = self.parse("checkpoint-malformed", CHECKPOINT, Checkpoint, self.head_bytes)
        if self.head and key and not self.head.is_signed_by(key):
            self.find("checkpoint-signature-invalid", CHECKPOINT)
        self.facts["keyId"] = key and key[1]
        self.facts["keyPinned"] = bool(key and key == self.trusted)
        self.facts["origin"] = self.head and self.head.origin
        self.facts["checkpointSize"] = self.head and self.head.size

    def check_entries(self):
        self.records = {}
        for index in self.opened:
            commitment = self.check_entry(index, f"{LOG}entries/{index}.json")
            self.check_receipt(index, commitment)

    def check_entry(self, index, path):
        data = self.content(path, LIMITS["entry"])
        entry = None if data is None else self.parse("entry-malformed", path, read_entry, data, index)
        if entry is None:
            return None
        record = self.parse("record-malformed", path, read_record, entry[0])
        if record is not None:
            self.records[index] = record
            if record["type"] in NEVER_PUBLIC:
                self.find("private-record-opened", path)
        return commitment_of(*entry)

    def check_receipt(self, index, commitment):
        path = f"{LOG}receipts/{index}.tlog-proof"
        data = self.content(path, LIMITS["receipt"])
        receipt = None if data is None else self.parse("receipt-malformed", path, Receipt, data)
        if receipt is None:
            return
        if receipt.index != index:
            self.find("receipt-malformed", path)
            return
        if self.head_bytes is not None and receipt.checkpoint != self.head_bytes:
            self.find("receipt-checkpoint-differs", path)
        if commitment is not None and receipt.commitment != commitment:
            self.find("record-does-not-open", f"{LOG}entries/{index}.json")
        if self.head:
            leaf = sha256(b"\x00" + receipt.commitment)
            if not leads_to_root(index, self.head.size, leaf, receipt.path, self.head.root):
                self.find("receipt-not-in-checkpoint", path)

    def check_publication(self):
        published = [index for index, record in self.records.items() if record["type"] == "story-published"]
        if len(published) != 1:
            self.find("publication-record-ambiguous" if published else "publication-record-missing")
            return
        story = self.records[published[0]]
        self.facts |= {"publishedAt": story["at"], "incident": story["incident"], "revision": story["revision"]}
        if self.manifest_hash is not None and self.manifest_hash != story["manifestSha256"]:
            self.find("manifest-changed", MANIFEST)
        for index, record in self.records.items():
            path = f"{LOG}entries/{index}.json"
            if record.get("incident", story["incident"]) != story["incident"]:
                self.find("incident-differs", path)
            if index > published[0]:
                self.find("record-after-publication", path)

    def check_recipes(self):
        self.recipes = {}
        for path in self.files:
            if not path.startswith("proof/recipes/"):
                continue
            data = self.content(path, LIMITS["recipe"])
            if data is None:
                continue
            named = re.fullmatch(r"proof/recipes/([0-9a-f]{64})\.json", path)
            if not named:
                self.find("recipe-malformed", path)
            elif sha256(data).hex() != named[1]:
                self.find("recipe-changed", path)
            else:
                recipe = self.parse("recipe-malformed", path, read_recipe, data)
                if recipe is not None:
                    self.recipes[named[1]] = recipe

    def check_chain(self):
        of_type = lambda name: {i: r for i, r in self.records.items() if r["type"] == name}
        items = {record["item"] for record in of_type("item-received").values()}
        made = of_type("derivative-made")
        outputs = {record["outputSha256"] for record in made.values()}
        known = {"item": items, "derivative": outputs}
        for index, record in made.items():
            path = f"proof/recipes/{record['recipeSha256']}.json"
            if path not in self.files:
                self.find("recipe-missing", path)
            kind, inputs = self.recipes.get(record["recipeSha256"], (record["kind"], []))
            if kind != record["kind"]:
                self.find("recipe-record-mismatch", f"{LOG}entries/{index}.json")
            if any(digest not in known[way] for way, digest in inputs):
                self.find("input-without-record", path)
        for index in self.circles(made, outputs):
            self.find("recipe-cycle", f"{LOG}entries/{index}.json")
        for index, record in of_type("alignment-made").items():
            if not items.issuperset(record["inputs"]):
                self.find("input-without-record", f"{LOG}entries/{index}.json")
        for path, digest in (self.manifest or {}).items():
            if path.startswith("media/") and digest not in outputs:
                self.find("media-without-recipe", path)

    def circles(self, made, outputs):
        """Settles derivatives until none can be settled; gives the indices left over."""
        needs, users = {}, {}
        for index, record in made.items():
            inputs = self.recipes.get(record["recipeSha256"], ("", []))[1]
            needs[index] = {digest for way, digest in inputs if way == "derivative" and digest in outputs}
            for digest in needs[index]:
                users.setdefault(digest, []).append(index)
        ready = [index for index, need in needs.items() if not need]
        left = set(needs) - set(ready)
        while ready:
            output = made[ready.pop()]["outputSha256"]
            for user in users.pop(output, []):
                needs[user].discard(output)
                if not needs[user]:
                    left.discard(user)
                    ready.append(user)
        return left


# --- Command ---------------------------------------------------------------------------


def usage(message):
    print(f"check_bundle.py: {message}\n\n{__doc__.strip()}", file=sys.stderr)
    return 2


def trusted_key(argument):
    if os.path.isfile(argument):
        with open(argument, encoding="utf-8") as file:
            argument = file.read(LIMITS["key"])
    return read_key(argument.removesuffix("\n"))


def main(arguments):
    folder, trusted, as_json = None, None, False
    rest = iter(arguments)
    for argument in rest:
        if argument in ("-h", "--help"):
            print(__doc__.strip())
            return 0
        if argument == "--json":
            as_json = True
        elif argument == "--key":
            try:
                trusted = trusted_key(next(rest, ""))
            except (Bad, UnicodeDecodeError) as bad:
                return usage(f"the trusted key: {bad}")
        elif argument.startswith("-") or folder is not None:
            return usage(f"not understood: {argument}")
        else:
            folder = argument
    if folder is None or not os.path.isdir(folder):
        return usage("a bundle is a folder")

    check = Check(folder, trusted)
    check.run()
    findings = [
        {"code": code} | ({} if path is None else {"path": path}) | {"message": why}
        for (code, path), why in sorted(check.findings.items(), key=lambda f: (f[0][0], f[0][1] or ""))
    ]
    if as_json:
        print(json.dumps({"ok": not findings, "findings": findings, "facts": check.facts}))
    else:
        for finding in findings:
            print("  ".join(filter(None, [finding["code"], finding.get("path"), finding["message"]])))
        print(f"{len(findings)} findings in {check.facts.get('files', 0)} files.")
        if not findings:
            print("Consistent with its log. This does not show that a recording is authentic.")
        if not check.facts.get("keyPinned"):
            print("The key is the bundle's own: compare it with one obtained elsewhere (--key).")
    return 3 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
