# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two hosts with real SAs in one node: the node's own charon, and a peer in a network namespace.

The hosts are joined by a veth pair. Traffic from 10.1.0.1 (node) to 10.2.0.1 (peer) goes through ESP
or nowhere: a policy blocks it where the kernel does ESP, and a device drops it where charon does.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import DependencyError
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
    RefusedError,
)
from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import run_module

Options = dict[str, t.Any]

SECRET = "pair of hosts in one node"
FOLDER = Path("/run/peer-of-the-node")
NETNS = "peer"
START = 30.0  # seconds; an emulated charon takes some

_STRONGSWAN_CONF = f"""\
include /etc/strongswan.conf
charon-systemd {{
  journal {{
    default = -1
  }}
  filelog {{
    log {{
      path = {FOLDER}/log
      default = 1
      flush_line = yes
    }}
  }}
  plugins {{
    vici {{
      socket = unix://{FOLDER}/charon.vici
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Host:
    """One end: where it is on the wire, and where its charon and its files are."""

    name: str
    address: str
    inner: str
    network: str
    swanctl_directory: Path
    socket: Path
    netns: str = ""

    @property
    def directory(self) -> Path:
        """Where the files of its connections and secrets are."""
        return self.swanctl_directory / "conf.d"

    @property
    def options(self) -> Options:
        """The options of our modules that point them to this host."""
        return {"directory": str(self.directory), "socket": str(self.socket)}

    def run(self, command: str) -> str:
        """Run a command in its network namespace, where swanctl finds its charon and its files."""
        inside = f"ip netns exec {self.netns} " if self.netns else ""
        return shell.run(f"{inside}env SWANCTL_DIR={self.swanctl_directory} {command}")

    def swanctl(self, arguments: str) -> str:
        """Run a command of swanctl."""
        return self.run(f"swanctl {arguments} --uri unix://{self.socket}")

    def client(self) -> Client:
        """Return our own client of its charon."""
        return Client(str(self.socket), 30)

    def sas(self, connection: str = "") -> list[dict[str, t.Any]]:
        """Return the IKE SAs of a connection, or all, each as charon tells it: texts by name."""
        with self.client() as vici:
            told = list(vici.stream("list-sas", "list-sa"))
        return [
            {"name": name, **_texts(ike)}
            for message in told
            for name, ike in message.items()
            if connection in {"", name}
        ]

    def children(self, connection: str = "") -> list[dict[str, t.Any]]:
        """Return the CHILD SAs of a connection, or all, each as charon tells it."""
        return [
            child for ike in self.sas(connection) for child in ike.get("child-sas", {}).values()
        ]

    def is_up(self) -> bool:
        """Return whether it has an SA of the child C(net) that carries traffic."""
        return any(one["name"] == "net" and one["state"] == "INSTALLED" for one in self.children())

    def forget(self) -> None:
        """End all SAs, and let charon forget all; the files go, too."""
        with self.client() as vici:
            for name in charon.loaded_connections(vici):
                charon.unload_connection(vici, name)
            for name in charon.loaded_secrets(vici):
                charon.unload_secret(vici, name)
            for ike in self.sas():
                with contextlib.suppress(RefusedError):  # it may be gone meanwhile
                    vici.request("terminate", {"ike-id": ike["uniqueid"], "force": "yes"})
        for path in self.directory.glob("*.conf"):
            path.unlink()


@dataclass(frozen=True)
class Pair:
    """The node and its peer."""

    node: Host
    peer: Host

    @property
    def hosts(self) -> tuple[Host, Host]:
        """Both."""
        return self.node, self.peer

    def other(self, host: Host) -> Host:
        """Return the other end."""
        return self.peer if host is self.node else self.node

    @property
    def secret(self) -> Options:
        """The secret that both share, as charon gets it."""
        owners = [self.node.name, self.peer.name]
        return {"type": "ike", "data": SECRET.encode(), "owners": owners}

    def connection(self, host: Host, child: Options | None = None, **options: t.Any) -> Options:
        """Return options of strongswan_conn for the connection C(pair) as this host has it.

        It has one child, C(net). What is given goes to both ends as it is, where mirrored is left
        out: addresses, identities and networks.
        """
        other = self.other(host)
        return {
            "name": "pair",
            "local_addrs": [host.address],
            "remote_addrs": [other.address],
            "local": [{"auth": "psk", "id": host.name}],
            "remote": [{"auth": "psk", "id": other.name}],
            "children": [
                {
                    "name": "net",
                    "local_ts": [host.network],
                    "remote_ts": [other.network],
                    **(child or {}),
                }
            ],
            **options,
            **host.options,
        }

    def load(self, child: Options | None = None, **options: t.Any) -> None:
        """Give charon of both hosts the secret, and both hosts the connection, by our module.

        The peer's child has no O(start_action): only the node initiates.
        """
        passive = {**(child or {}), "start_action": "none"}
        for host, own in ((self.peer, passive), (self.node, child)):
            with host.client() as vici:
                charon.load_secret(vici, "pair", self.secret)
            result = run_module("strongswan_conn", **self.connection(host, own, **options))
            assert not result.get("failed"), result["msg"]

    def establish(self, child: Options | None = None, **options: t.Any) -> None:
        """Give both hosts the connection, and initiate its child from the node."""
        self.load(child, **options)
        if "start" not in (child or {}).get("start_action", ""):
            self.node.swanctl("--initiate --child net --timeout 20")
        for host in self.hosts:
            wait_until(host.is_up, f"{host.name}: the child is not installed")

    @contextlib.contextmanager
    def ping(self) -> t.Iterator[Ping]:
        """Send a packet every 50 ms from the node's network to the peer's, and count what is lost."""
        path = FOLDER / "ping"
        words = ["ping", "-n", "-i", "0.05", "-I", self.node.inner, self.peer.inner]
        with path.open("wb") as output, shell.beside(*words, stdout=output):
            ping = Ping(path)
            ping.wait_for_a_reply()
            yield ping
            ping.wait_for_a_reply()


@dataclass(frozen=True)
class Ping:
    """A running ping."""

    path: Path

    @property
    def received(self) -> list[int]:
        """The numbers of the packets that were answered."""
        text = self.path.read_text(errors="replace")
        return [
            int(line.split("icmp_seq=", 1)[1].split()[0])
            for line in text.splitlines()
            if " bytes from " in line and "ttl=" in line
        ]

    @property
    def lost(self) -> int:
        """How many packets before the last answered one were not answered."""
        received = set(self.received)
        return max(received, default=0) - len(received)

    def wait_for_a_reply(self, seconds: float = 10) -> None:
        """Wait until one more packet is answered."""
        before = len(self.received)
        wait_until(lambda: len(self.received) > before, "no ping is answered", seconds)


def wait_until(done: t.Callable[[], bool], problem: str, seconds: float = 10) -> None:
    """Wait until something is so; fail if it takes too long."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"{problem} within {seconds} s"
        time.sleep(0.05)


@contextlib.contextmanager
def running() -> t.Iterator[Pair]:
    """Make the peer, start its charon, and remove all at the end."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    (FOLDER / "swanctl/conf.d").mkdir(parents=True, mode=0o700)
    (FOLDER / "swanctl/swanctl.conf").write_text("include conf.d/*.conf\n")
    (FOLDER / "strongswan.conf").write_text(_STRONGSWAN_CONF)
    node = Host("node", "10.77.0.1", "10.1.0.1", "10.1.0.0/24", daemon.SWANCTL, daemon.SOCKET)
    peer = Host(
        *("peer", "10.77.0.2", "10.2.0.1", "10.2.0.0/24"),
        *(FOLDER / "swanctl", FOLDER / "charon.vici", NETNS),
    )
    try:
        with _network(node, peer), _charon(peer):
            yield Pair(node, peer)
    finally:
        shutil.rmtree(FOLDER)


def prepare(pair: Pair) -> None:
    """Lead the traffic between the networks through ESP, or nowhere."""
    for host in pair.hosts:
        other = pair.other(host)
        if "ipsec0" in host.run("ip -o link show"):  # charon does ESP itself, by this device
            host.run(f"ip route replace {other.network} dev ipsec0 src {host.inner}")
            continue
        host.run(f"ip route replace {other.network} via {other.address} src {host.inner}")
        host.run(
            f"ip xfrm policy update src {host.network} dst {other.network} dir out action block"
            " priority 4000000"
        )


@contextlib.contextmanager
def _network(node: Host, peer: Host) -> t.Iterator[None]:
    shell.run(f"ip netns add {NETNS}")
    try:
        shell.ip_batch(
            f"link add to-peer type veth peer name to-node netns {NETNS}",
            f"address add {node.address}/24 dev to-peer",
            f"address add {node.inner}/32 dev to-peer",
            "link set to-peer up",
        )
        shell.ip_batch(
            "link set lo up",
            f"address add {peer.address}/24 dev to-node",
            f"address add {peer.inner}/32 dev to-node",
            "link set to-node up",
            netns=NETNS,
        )
        yield
    finally:
        shell.run(f"ip netns del {NETNS}")


@contextlib.contextmanager
def _charon(peer: Host) -> t.Iterator[None]:
    """Run the peer's charon, another process than the unit's."""
    words = ["ip", "netns", "exec", NETNS, "charon-systemd"]
    environment = {**os.environ, "STRONGSWAN_CONF": str(FOLDER / "strongswan.conf")}
    environment.pop("NOTIFY_SOCKET", None)
    with (
        (FOLDER / "output").open("wb") as output,
        subprocess.Popen(
            words, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        ) as process,
    ):
        try:
            wait_until(lambda: _answers(peer), "the peer's charon does not answer", START)
            yield
        finally:
            process.terminate()


def _answers(host: Host) -> bool:
    try:
        with host.client():
            return True
    except DependencyError:
        return False


def _texts(value: t.Any) -> t.Any:
    """Return what charon tells, as texts: none of it is binary."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return {name: _texts(one) for name, one in value.items()}
