# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A gateway, two clients, and the router between them, each a network namespace of one node.

The router has a capture running (wire.py). Each client has a default route by it, so that what should
go through the tunnel would leave in the clear if nothing stood in the way but the tunnel's route. What
stands in the way is a guard, as the role makes it.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import threading
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.namespaces import entered
from ansible_collections.ipsec.strongswan.tests.updown.host import FOLDER, Node
from ansible_collections.ipsec.strongswan.tests.updown.wire import Wire

ROUTER = "router"
HIDDEN = "10.77.9.1"  # what the gateway sees of clients behind NAT; after a rebinding it is .254
GUARD = "proto 157 metric 4278190080"
INNER = {4: "10.2.0.1", 6: "fd02::1"}  # the gateway's, behind the tunnel
POOLS = {"pool4": "10.3.0.0/28", "pool6": "fd33::/120"}


@dataclass
class Site:
    """The hosts, and the wire between them."""

    gateway: Node
    client: Node
    other: Node
    wire: Wire

    @property
    def nodes(self) -> tuple[Node, Node, Node]:
        """All hosts."""
        return self.gateway, self.client, self.other

    def router(self, *lines: str) -> None:
        """Run lines of C(ip -batch) on the router."""
        shell.ip_batch(*lines, netns=ROUTER)

    def masquerade(self) -> None:
        """Hide the clients behind the router's first address towards the gateway."""
        rules = """
            table ip nat {
              chain postrouting {
                type nat hook postrouting priority 100;
                oifname "to-gateway" masquerade
              }
            }
        """
        subprocess.run(
            ["ip", "netns", "exec", ROUTER, "nft", "-f", "-"],
            input=rules,
            text=True,
            check=True,
            capture_output=True,
        )

    def rebind(self) -> None:
        """Let the router hide the clients behind its other address from now on."""
        self.router(f"addr del {HIDDEN}/24 dev to-gateway")

    def ping(self, node: Node, source: str, target: str, count: int = 3) -> int:
        """Send some pings one after the other; return how many were answered."""
        words = ["ip", "netns", "exec", node.name, "ping", "-n", "-q", "-i", "0.02", "-W", "1"]
        own = ["-I", source] if source else []
        done = subprocess.run(
            [*words, "-c", str(count), "-w", "1", *own, target],
            capture_output=True,
            text=True,
            check=False,
        )
        received = [part for part in done.stdout.split(",") if "received" in part]
        return int(received[0].split()[0]) if received else 0


def guards(node: Node, *networks: str) -> None:
    """Let nothing for the networks leave where no tunnel takes it."""
    node.ip(*(f"route add unreachable {network} {GUARD}" for network in networks))


class Chatter:
    """Packets to the overlay, all the time: if nothing else takes them, the default route does."""

    def __init__(self, node: Node, *targets: str) -> None:
        self._targets = targets
        with entered(node.name):
            self._sockets = {
                version: socket.socket(family, socket.SOCK_DGRAM)
                for version, family in ((4, socket.AF_INET), (6, socket.AF_INET6))
            }
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)

    def __enter__(self) -> Chatter:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()
        for one in self._sockets.values():
            one.close()

    def _send(self) -> None:
        while not self._end.wait(0.1):
            for target in self._targets:
                with contextlib.suppress(OSError):  # unreachable is what a guard answers
                    self._sockets[6 if ":" in target else 4].sendto(b"chatter", (target, 7777))


@contextlib.contextmanager
def running(at_client: Path, at_gateway: Path) -> t.Iterator[Site]:
    """Make the site, with these hooks. No charon runs yet."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    gateway = Node("gateway", ("10.77.9.2", "fd77:9::2"), ("10.77.9.254", "fd77:9::1"), at_gateway)
    client = Node("client", ("10.77.1.2", "fd77:1::2"), ("10.77.1.1", "fd77:1::1"), at_client)
    other = Node("other", ("10.77.2.2", "fd77:2::2"), ("10.77.2.1", "fd77:2::1"), at_client)
    nodes = (gateway, client, other)
    names = (ROUTER, *(node.name for node in nodes))
    with contextlib.ExitStack() as stack:
        for name in names:
            shell.run(f"ip netns add {name}")
            stack.callback(shell.run, f"ip netns del {name}")
        _router(nodes)
        for node in nodes:
            _host(node)
            node.make()
            stack.callback(node.kill)
        guards(client, "10.2.0.0/24", "fd02::/64")
        guards(other, "10.2.0.0/24", "fd02::/64")
        guards(gateway, *POOLS.values())
        gateway.ip(*(f"addr add {address} dev lo" for address in INNER.values()))
        wire = stack.enter_context(Wire(ROUTER))
        for node in (client, other):
            stack.enter_context(Chatter(node, *INNER.values()))
        stack.enter_context(Chatter(gateway, "10.3.0.1", "10.3.0.2", "fd33::1", "fd33::2"))
        yield Site(gateway, client, other, wire)


def _router(nodes: tuple[Node, ...]) -> None:
    lines = ["link set lo up"]
    for node in nodes:
        four, six = node.gateways
        name = f"to-{node.name}"
        lines += [
            f"link add {name} type veth peer name eth0 netns {node.name}",
            f"link set {name} up",
            f"addr add {four}/24 dev {name}",
            f"addr add {six}/64 dev {name} nodad",
        ]
        if name == "to-gateway":  # the first address is what hides the clients
            lines.insert(-2, f"addr add {HIDDEN}/24 dev to-gateway")
    shell.ip_batch(*lines, netns=ROUTER)
    forward = ("ipv4/ip_forward", "ipv6/conf/all/forwarding")
    promote = ("ipv4/conf/all/promote_secondaries",)  # else they go with the first address
    for name in (ROUTER, *(node.name for node in nodes)):
        on = 1 if name == ROUTER else 0  # a namespace begins with what the engine's host has
        lines = [f"echo 1 >/proc/sys/net/{key}" for key in promote]
        lines += [f"echo {on} >/proc/sys/net/{key}" for key in forward]
        script = ";".join(lines)
        subprocess.run(["ip", "netns", "exec", name, "sh", "-ec", script], check=True)


def _host(node: Node) -> None:
    four, six = node.addresses
    node.ip(
        "link set lo up",
        f"addr add {four}/24 dev eth0",
        f"addr add {six}/64 dev eth0 nodad",
        "link set eth0 up",
        f"route add default via {node.gateways[0]} dev eth0",
        f"route add default via {node.gateways[1]} dev eth0",
    )
