# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A row of the table: an event, brought about with real charons, and the checks after it.

The host that the row is about has the hook of the row's column; the others always have ours. The
seed's script knows IPv4 only, so in its column only that is looked at, except where the row is about IPv6.
"""

from __future__ import annotations

import re
import time
import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.tests.charon.pair import wait_until
from ansible_collections.ipsec.strongswan.tests.updown import expect
from ansible_collections.ipsec.strongswan.tests.updown.expect import Rules
from ansible_collections.ipsec.strongswan.tests.updown.host import Message, Node, settle
from ansible_collections.ipsec.strongswan.tests.updown.site import INNER, POOLS, Site

PATIENCE = 2.5  # seconds for a hook's last call to come and end
PINGS = 3
PROPOSAL = "aes128-sha256-curve25519"
ROUTES = ("10.2.0.0/24", "fd02::/64")


@dataclass
class Row:
    """The site, and what is checked on it."""

    site: Site
    column: str  # ours or seed
    about: Node
    families: tuple[int, ...] = (4, 6)
    rules: dict[str, Rules] = field(default_factory=dict)  # by host
    arguments: dict[str, str] = field(default_factory=dict)  # of our hook, by host
    before: dict[str, list[str]] = field(default_factory=dict)
    vips: list[str] = field(default_factory=list)
    outcome: str = ""

    # --- charon

    @property
    def client(self) -> Node:
        """The client that most rows are about."""
        return self.site.client

    @property
    def other(self) -> Node:
        """The second client."""
        return self.site.other

    @property
    def gateway(self) -> Node:
        """The gateway."""
        return self.site.gateway

    def start(self, *nodes: Node) -> None:
        """Start charons that do not run, and remember what is there without a hook."""
        for node in nodes:
            if node._process is None:
                if node.name not in self.before:
                    now = expect.Kernel.of(node)
                    node.foreign |= {link["ifname"] for link in now.links}
                    self.before[node.name] = now.surroundings()
                node.start()

    def updown(self, node: Node) -> str:
        """Return the setting of updown on a host."""
        return f"{node.hook} {self.arguments.get(node.name, '')}".strip()

    def child(self, node: Node, **options: t.Any) -> Message:
        """Return a child of a client or of the gateway, as the seed has it."""
        is_gateway = node is self.gateway
        return {
            "local_ts": ["0.0.0.0/0", "::/0"] if is_gateway else ["dynamic"],
            "remote_ts": ["dynamic"] if is_gateway else ["0.0.0.0/0", "::/0"],
            "esp_proposals": ["aes128gcm16"],
            "updown": self.updown(node),
            "rekey_time": "0",
            **options,
        }

    def connection(self, node: Node, children: Message, **options: t.Any) -> Message:
        """Return the connection of a client, or that of the gateway for all clients."""
        return {
            "version": "2",
            "proposals": [PROPOSAL],
            "rekey_time": "0",
            "local": {"auth": "psk", "id": node.name},
            "children": children,
            **(self._of_gateway() if node is self.gateway else self._of_client(node)),
            **options,
        }

    def _of_gateway(self) -> Message:
        return {
            "local_addrs": [self.gateway.addresses[0]],
            "remote_addrs": ["%any"],
            "remote": {"auth": "psk"},
            "pools": list(POOLS),
        }

    def _of_client(self, node: Node) -> Message:
        return {
            "local_addrs": [node.addresses[0]],
            "remote_addrs": [self.gateway.addresses[0]],
            "remote": {"auth": "psk", "id": "gateway"},
            "vips": ["0.0.0.0", "::"],
        }

    def gateway_up(self, child: Message | None = None, **options: t.Any) -> None:
        """Start the gateway and give it the connection and the pools."""
        self.start(self.gateway)
        self.gateway.load_pools(**POOLS)
        children = {
            "net": self.child(self.gateway, **(child or {"mark_in": "42", "mark_out": "42"}))
        }
        self.gateway.load("gw", self.connection(self.gateway, children, **options))

    def client_up(self, node: Node, child: Message | None = None, **options: t.Any) -> None:
        """Start a client, give it the connection, and bring the child up."""
        self.start(node)
        self.load_client(node, child, **options)
        node.initiate("net")
        settle(node, self.gateway)

    def load_client(self, node: Node, child: Message | None = None, **options: t.Any) -> None:
        """Give a client the connection."""
        children = {"net": self.child(node, **(child or {"mark_in": "2", "mark_out": "2"}))}
        node.load("rw", self.connection(node, children, **options))

    def up(self) -> None:
        """Bring gateway and client up as the seed has them."""
        self.gateway_up()
        self.client_up(self.client)

    def reauthenticate(self) -> None:
        """Let the client authenticate anew, and wait until that is done."""
        before = {ike["uniqueid"] for ike in self.client.sas()}
        self.client.rekey(ike="rw", reauth="yes")
        self._until_other(before)

    def rekey_ike(self) -> None:
        """Let the client rekey the IKE SA, and wait until that is done."""
        before = {ike["uniqueid"] for ike in self.client.sas()}
        self.client.rekey(ike="rw")
        self._until_other(before)

    def _until_other(self, before: set[str]) -> None:
        def other() -> bool:
            now = self.client.sas()
            ids = {ike["uniqueid"] for ike in now}
            return bool(ids) and not ids & before and all(ike["child-sas"] for ike in now)

        wait_until(other, "no other IKE SA")
        settle(self.client, self.gateway)

    def rekey_child(self, child: str = "net", by: Node | None = None) -> None:
        """Let the client, or that host, rekey the child, and wait until that is done."""
        before = self._spis()
        (by or self.client).rekey(child=child)
        wait_until(lambda: self._spis() not in (before, set()), "the child has no other keys")
        settle(self.client, self.gateway)

    def _spis(self) -> set[str]:
        return {child["spi-in"] for _ike, child in self.client.children()}

    # --- checks

    def check(
        self,
        flows: bool = True,
        nodes: t.Sequence[Node] | None = None,
        of: Node | None = None,
        devices: bool = True,
    ) -> None:
        """Check that all is as the SAs want it, and that traffic flows, or is refused."""
        checked = list(nodes) if nodes is not None else self._checked()
        found = self._until_none(checked) if devices else []
        found += self._traffic(of or self.client, flows)
        found += self.leaks()
        if found:
            raise AssertionError("; ".join(found))

    def _checked(self) -> list[Node]:
        if self.column == "seed":
            return [self.about]
        return [node for node in self.site.nodes if node.name in self.before]

    def _until_none(self, nodes: t.Sequence[Node]) -> list[str]:
        end = time.monotonic() + PATIENCE
        while True:
            found = [one for node in nodes for one in self.problems(node)]
            if not found or time.monotonic() > end:
                return found
            time.sleep(0.1)

    def must_say(self, *words: str, node: Node | None = None) -> None:
        """Check that our hook told what it did not do, on one line."""
        if self.column == "ours":
            said = (node or self.about).said()
            assert any(all(word in line for word in words) for line in said), said

    def problems(self, node: Node) -> list[str]:
        """Return what is wrong with the devices, addresses and routes of a host."""
        given = ROUTES if node is not self.gateway else None
        rules = self.rules.get(node.name) or Rules(routes=given, families=self.families)
        kernel = expect.Kernel.of(node)
        found = kernel.problems(rules, running=node._process is not None)
        before, now = sorted(self.before[node.name]), kernel.surroundings()
        found += [f"{node.name} lost: {line}" for line in before if line not in now]
        found += [f"{node.name} got: {line}" for line in now if line not in before]
        return found

    def _traffic(self, node: Node, flows: bool) -> list[str]:
        if flows:
            told = [vip for ike in node.sas() for vip in ike.get("local-vips", [])]
            self.vips = told or self.vips
        found = []
        for family in self.families:
            vip = next((one for one in self.vips if (":" in one) == (family == 6)), "")
            wire, ends = self.site.wire, (self._seen_from(node), self.gateway.addresses)
            before = [wire.sent(*one) for one in ends]
            answered = self.site.ping(node, vip if flows else "", INNER[family], PINGS)
            esp = wire.more(ends, before, PINGS if flows else 0)
            if flows and answered < PINGS:
                found.append(f"{node.name}: IPv{family}: {answered} of {PINGS} pings answered")
            elif flows and min(esp) < PINGS:
                found.append(f"{node.name}: IPv{family}: only {esp} ESP packets")
            elif not flows and answered:
                found.append(f"{node.name}: IPv{family}: {answered} pings answered without an SA")
        return found

    def _seen_from(self, node: Node) -> tuple[str, ...]:
        moved = tuple(
            one["local"]
            for one in node.show("addr show dev eth0")[0]["addr_info"]
            if one["scope"] == "global"
        )
        return (*node.addresses, *moved)

    def leaks(self) -> list[str]:
        """Return what was in the clear since the last time."""
        seen = list(self.site.wire.clear)
        self.site.wire.clear.clear()
        return [f"in the clear: {len(seen)} packets, {seen[0]}"] if seen else []

    def about_devices(self) -> list[str]:
        """Return the devices that the hook in question has made."""
        return [link["ifname"] for link in expect.Kernel.of(self.about).tunnels()]

    def leaks_only(self) -> None:
        """Check only that nothing was in the clear: what is there is half done."""
        found = self.leaks()
        assert not found, found

    def stay_on_ipv4(self) -> None:
        """Take the client's IPv6 underlay away; MOBIKE would move there when it answers first."""
        self.client.ip(
            f"addr del {self.client.addresses[1]}/64 dev eth0",
            f"route del default via {self.client.gateways[1]} dev eth0",
        )

    def client_address(self) -> str:
        """Return the IPv4 address that the client has on the underlay."""
        shown = self.client.show("addr show dev eth0")[0]["addr_info"]
        return next(str(one["local"]) for one in shown if one["family"] == "inet")

    def move_client(self) -> None:
        """Give the client another address, and wait until the gateway knows it."""
        old = self.client_address()
        new = "10.77.1.3" if old == "10.77.1.2" else "10.77.1.2"
        self.client.ip(f"addr add {new}/24 dev eth0", f"addr del {old}/24 dev eth0")
        self.before["client"] = [
            re.sub(rf"{re.escape(old)}\b", new, line) for line in self.before["client"]
        ]
        self._until_there(new)

    def move_client_to_ipv6(self) -> None:
        """Take the client's IPv4 address away, so that it goes on by IPv6."""
        old, new = self.client.addresses
        self.client.ip(
            f"route del default via {self.client.gateways[0]} dev eth0",
            f"addr del {old}/24 dev eth0",
        )
        self.before["client"] = [  # its routes by that network go with it
            line for line in self.before["client"] if "10.77.1." not in line
        ]
        self._until_there(new)

    def _until_there(self, address: str) -> None:
        wait_until(
            lambda: any(ike["remote-host"] == address for ike in self.gateway.sas()),
            f"the gateway does not know the client's new address {address}",
        )
        settle(self.client, self.gateway)

    def gone(self) -> None:
        """Take the SA down, and check that nothing is left of it."""
        self.client.terminate(ike="rw")
        settle(self.client, self.gateway)
        self.check(flows=False)
