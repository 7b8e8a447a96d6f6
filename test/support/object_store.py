"""A whole OpenStack Swift with its S3 interface in one process, for tests: one copy on one disk.

    /usr/bin/python3 object_store.py FOLDER PORT ACCESS_KEY SECRET_KEY

Says `ready PORT` once it answers on 127.0.0.1; PORT 0: any that is free. All of it lies in FOLDER, where
a later start finds it again. Swift and what it needs are Debian's package python3-swift.
"""

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402
import sys  # noqa: E402

import eventlet.wsgi  # noqa: E402
from swift.common import storage_policy, utils  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.storage_policy import StoragePolicy, StoragePolicyCollection  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402

folder, port, access_key, secret_key = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
account, user = access_key.split(":")
devices = os.path.join(folder, "devices")
os.makedirs(os.path.join(devices, "disk"), exist_ok=True)


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


write("swift.conf", "[swift-hash]\nswift_hash_path_suffix = sightline\nswift_hash_path_prefix = test\n")
utils.set_swift_dir(folder)
storage_policy.reload_storage_policies = lambda: None
storage_policy._POLICIES = StoragePolicyCollection([StoragePolicy(0, "one", True)])

logging = "log_level = ERROR\nlog_udp_host = 127.0.0.1\nlog_udp_port = 9\n"
sockets = {name: eventlet.listen(("127.0.0.1", 0)) for name in ("account", "container", "object")}
for name, socket in sockets.items():
    builder = RingBuilder(4, 1, 1)
    address = {"ip": "127.0.0.1", "port": socket.getsockname()[1]}
    replication = {"replication_ip": address["ip"], "replication_port": address["port"]}
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1, "device": "disk", **address, **replication})
    builder.rebalance()
    builder.get_ring().save(os.path.join(folder, name + ".ring.gz"))

settings = f"[DEFAULT]\nswift_dir = {folder}\ndevices = {devices}\nmount_check = false\n{logging}"
for name in sockets:
    write(name + ".conf", f"{settings}[app:main]\nuse = egg:swift#{name}\nallow_versions = false\n")
pipeline = "catch_errors gatekeeper listing_formats bulk s3api tempauth copy slo proxy-server"
filters = "".join(
    f"[filter:{name}]\nuse = egg:swift#{name}\n{more}"
    for name, more in {
        "catch_errors": "",
        "gatekeeper": "",
        "listing_formats": "",
        "bulk": "",
        "s3api": "location = us-east-1\nratelimit_as_client_error = true\n",
        "tempauth": f"user_{account}_{user} = {secret_key} .admin\n",
        "copy": "",
        "slo": "",
    }.items()
)
write(
    "proxy.conf",
    f"{settings}[pipeline:main]\npipeline = {pipeline}\n"
    f"[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n{filters}",
)


class NoCache:
    """Tempauth asks for a cache, which would only keep tokens; nobody uses those here."""

    def get(self, *_, **__):
        return None

    def set(self, *_, **__):
        return None

    delete = incr = decr = set_multi = get_multi = set


def with_cache(app):
    def call(environ, start_response):
        environ["swift.cache"] = NoCache()
        return app(environ, start_response)

    return call


quiet = {"log": open(os.devnull, "w", encoding="utf-8"), "log_output": False}
for name, socket in sockets.items():
    app = loadapp(os.path.join(folder, name + ".conf"))
    eventlet.spawn(eventlet.wsgi.server, socket, app, **quiet)
front = eventlet.listen(("127.0.0.1", port))
print("ready", front.getsockname()[1], flush=True)
eventlet.wsgi.server(front, with_cache(loadapp(os.path.join(folder, "proxy.conf"))), **quiet)
