"""Asks scripts/check_bundle.py on lines of JSON from standard input.

    {"vector": {...}}                  a vector of test/vectors/custody    answers {"codes": [...]}
    {"folder": "...", "key": "..."}    a bundle, with a trusted key or ""  answers {"findings": [...], "facts": {...}}
"""

import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "scripts"))

from check_bundle import (  # noqa: E402
    Bad,
    Check,
    Checkpoint,
    Receipt,
    canonical_json,
    commitment_of,
    leads_to_root,
    node,
    read_entry,
    read_key,
    read_manifest,
    read_recipe,
    read_record,
    sha256,
    split_of,
)


def roots_from_consistency(old_size, new_size, old_root, path):
    """RFC 9162 section 2.1.4.1 by recursion: the old and new root the hashes give, or None."""
    hashes = list(path)

    def walk(old, new, whole):
        if old == new:
            known = old_root if whole else (hashes.pop(0) if hashes else None)
            return known, known
        split = split_of(new)
        if old <= split:
            before, after = walk(old, split, whole)
            right = hashes.pop(0) if hashes else None
            return before, node(after, right) if after and right else None
        before, after = walk(old - split, new - split, False)
        left = hashes.pop(0) if hashes else None
        if not (left and before and after):
            return None, None
        return node(left, before), node(left, after)

    roots = walk(old_size, new_size, True)
    return None if hashes else roots


def is_consistent(old_size, new_size, old_root, new_root, path):
    if old_size > new_size:
        return False
    if old_size == 0 or old_size == new_size:
        empty_holds = old_size > 0 or old_root == sha256(b"")
        return not path and empty_holds and (old_size < new_size or old_root == new_root)
    return roots_from_consistency(old_size, new_size, old_root, path) == (old_root, new_root)


def run_vector(vector):
    """The codes this checker gives a vector; README.md there describes the kinds."""

    def holds(code, condition):
        return [] if condition else [code]

    def parses(code, reader, *arguments):
        try:
            reader(*arguments)
        except Bad:
            return [code]
        return []

    kind = vector["kind"]
    if kind == "canonical-json":
        return parses("not-canonical", canonical_json, vector["text"])
    if kind == "record":
        return parses("record-malformed", read_record, vector["text"])
    if kind == "commitment":
        given = commitment_of(vector["record"], bytes.fromhex(vector["salt"]))
        return holds("record-does-not-open", given.hex() == vector["commitment"])
    if kind == "tree":
        hashes = [sha256(b"\x00" + bytes.fromhex(c)) for c in vector["commitments"]]
        return holds("root-differs", tree_root(hashes).hex() == vector["root"])
    if kind == "inclusion":
        leaf = sha256(b"\x00" + bytes.fromhex(vector["commitment"]))
        path = [bytes.fromhex(h) for h in vector["path"]]
        root = bytes.fromhex(vector["root"])
        inside = leads_to_root(vector["index"], vector["size"], leaf, path, root)
        return holds("receipt-not-in-checkpoint", inside)
    if kind == "consistency":
        old_root, new_root = bytes.fromhex(vector["oldRoot"]), bytes.fromhex(vector["newRoot"])
        path = [bytes.fromhex(h) for h in vector["path"]]
        same = is_consistent(vector["oldSize"], vector["newSize"], old_root, new_root, path)
        return holds("checkpoints-inconsistent", same)
    if kind == "key":
        return parses("key-malformed", read_key, vector["vkey"])
    if kind == "checkpoint":
        data = bytes.fromhex(vector["bytesHex"]) if "bytesHex" in vector else vector["text"].encode()
        codes = parses("checkpoint-malformed", Checkpoint, data)
        return codes or holds(
            "checkpoint-signature-invalid", Checkpoint(data).is_signed_by(read_key(vector["vkey"]))
        )
    if kind == "receipt":
        return parses("receipt-malformed", Receipt, vector["text"].encode())
    if kind == "manifest":
        return sorted(set(read_manifest(vector["text"].encode())[1]))
    if kind == "recipe":
        return parses("recipe-malformed", read_recipe, vector["text"].encode())
    if kind == "entry":
        return parses("entry-malformed", read_entry, vector["text"].encode(), vector["index"])
    raise SystemExit(f"unknown kind of vector: {kind}")


def tree_root(hashes):
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"")
    split = split_of(len(hashes))
    return node(tree_root(hashes[:split]), tree_root(hashes[split:]))


def run_bundle(folder, key):
    check = Check(folder, read_key(key) if key else None)
    check.run()
    findings = [{"code": code} | ({} if path is None else {"path": path}) for code, path in check.findings]
    return {"findings": findings, "facts": check.facts}


for line in sys.stdin:
    asked = json.loads(line)
    if "vector" in asked:
        answer = {"codes": run_vector(asked["vector"])}
    else:
        answer = run_bundle(asked["folder"], asked["key"])
    print(json.dumps(answer), flush=True)
