# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The invariant: what a host's kernel must hold follows from the SAs that its charon tells of.

For each CHILD SA a device with its endpoints and keys, or its if_id; on it the virtual addresses, and
the routes; and nothing else that was not there before. Problems come as short texts, for the table.
"""

from __future__ import annotations

import ipaddress
import json
import subprocess
import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.tests.updown.host import Node

Shown = dict[str, t.Any]
TUNNELS = {"vti", "vti6", "xfrm"}
FALLBACK = {"ip_vti0", "ip6_vti0"}
KERNEL = "2"  # RTPROT_KERNEL
KERNEL_MADE = ("fe80:", "ff00:")  # link-local addresses, and multicast
ROUTE = ("type", "dst", "gateway", "dev", "table", "protocol", "metric")


@dataclass(frozen=True)
class Device:
    """A tunnel device that an SA needs."""

    kind: str
    local: str = ""
    remote: str = ""
    ikey: int = 0
    okey: int = 0

    def fits(self, link: Shown) -> bool:
        """Whether a link is so."""
        data = link["linkinfo"].get("info_data", {})
        if link["linkinfo"]["info_kind"] != self.kind:
            return False
        if self.kind == "xfrm":
            return int(data["if_id"], 0) == self.okey
        keys = (_key(data.get("ikey")), _key(data.get("okey")))
        return keys == (self.ikey, self.okey) and (data["local"], data["remote"]) == (
            self.local,
            self.remote,
        )

    def __str__(self) -> str:
        if self.kind == "xfrm":
            return f"xfrm if_id {self.okey}"
        keys = f"{self.ikey}" if self.ikey == self.okey else f"{self.ikey}/{self.okey}"
        return f"{self.kind} to {self.remote} key {keys}"


@dataclass
class Wanted:
    """What a host's SAs want of its kernel."""

    devices: dict[Device, set[str]] = field(default_factory=dict)  # with addresses
    routes: dict[Device, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """What the arguments of the hook make of an SA."""

    routes: tuple[str, ...] | None = None  # given; None: of the peer's selectors
    families: tuple[int, ...] = (4, 6)
    shared: bool = False  # one VTI for all peers


def wanted(node: Node, rules: Rules) -> Wanted:
    """Return what the SAs of a host want."""
    found = Wanted()
    for ike, child in node.children():
        device = _device(ike, child, rules)
        families = {_version(ts) for ts in child["local-ts"]} & set(rules.families)
        addresses = found.devices.setdefault(device, set())
        addresses |= {
            f"{vip}/{ipaddress.ip_address(vip).max_prefixlen}"
            for vip in ike.get("local-vips", [])
            if _version(vip) in families
        }
        routes = found.routes.setdefault(device, set())
        if device.kind == "xfrm" and device.ikey != device.okey:  # what comes in has its own
            mate = Device("xfrm", okey=device.ikey, ikey=device.ikey)
            found.devices.setdefault(mate, set())
            found.routes.setdefault(mate, set())
        given = rules.routes if rules.routes is not None else child["remote-ts"]
        peer = ipaddress.ip_address(ike["remote-host"])
        routes |= {
            str(ipaddress.ip_network(one))
            for one in given
            if _version(one) in families and (rules.routes is not None or not _covers(one, peer))
        }
    return found


@dataclass(frozen=True)
class Kernel:
    """What a host's kernel holds, by one process of ip(8)."""

    node: Node
    links: list[Shown]  # with addresses
    routes: list[Shown]  # both families, all tables

    @classmethod
    def of(cls, node: Node) -> Kernel:
        """Read it."""
        words = ["ip", "-n", node.name, "-d", "-j", "-N", "-batch", "-"]
        text = "addr show\nroute show table all\n"
        done = subprocess.run(words, input=text, capture_output=True, text=True, check=True)
        decoder = json.JSONDecoder()
        links, end = decoder.raw_decode(done.stdout)
        routes, _end = decoder.raw_decode(done.stdout[end:].lstrip())
        return cls(node, [one for one in links if one], [one for one in routes if one])

    def tunnels(self) -> list[Shown]:
        """Return the tunnel devices that were not there before."""
        return [
            link
            for link in self.links
            if link.get("linkinfo", {}).get("info_kind") in TUNNELS
            and link["ifname"] not in FALLBACK | self.node.foreign
        ]

    def problems(self, rules: Rules, running: bool = True) -> list[str]:
        """Return what is not as the SAs want it."""
        name = self.node.name
        want = wanted(self.node, rules) if running else Wanted()
        links = self.tunnels()
        found: list[str] = []
        for device, addresses in want.devices.items():
            fitting = [link for link in links if device.fits(link)]
            if not fitting:
                found.append(f"{name}: no device for the SA ({device})")
                continue
            link = fitting[0]
            links.remove(link)
            where = f"{name}: {link['ifname']}"
            if "UP" not in link["flags"]:
                found.append(f"{where} is down")
            have = {one for one in global_addresses(link) if _version(one) in rules.families}
            found += _differ(where, "address", have, addresses)
            have = self._routes(link["ifname"], rules.families)
            found += _differ(where, "route", have, want.routes[device])
        stale = sorted(link["ifname"] for link in links)
        return [*found, f"{name}: stale {', '.join(stale)}"] if stale else found

    def _routes(self, device: str, families: tuple[int, ...]) -> set[str]:
        return {
            _destination(route)
            for route in self.routes
            if route.get("dev") == device
            and route.get("type", "1") == "1"
            and route.get("protocol") != KERNEL
            and not route["dst"].startswith(KERNEL_MADE)
            and _version(_destination(route)) in families
        }

    def surroundings(self) -> list[str]:
        """Return all that is not on tunnel devices made since: it must stay."""
        made = {link["ifname"] for link in self.tunnels()}
        lines = []
        for link in self.links:
            if link["ifname"] not in made:
                lines += [f"{link['ifname']} {one}" for one in global_addresses(link)]
                lines.append(f"{link['ifname']} {'up' if 'UP' in link['flags'] else 'down'}")
        lines += [
            " ".join(f"{key} {route[key]}" for key in ROUTE if key in route)
            for route in self.routes
            if route.get("dev") not in made and not route["dst"].startswith(KERNEL_MADE)
        ]
        return sorted(lines)


def global_addresses(link: Shown) -> list[str]:
    """Return the addresses of a link, without what the kernel makes."""
    return [
        f"{one['local']}/{one['prefixlen']}"
        for one in link["addr_info"]
        if not one["local"].startswith(KERNEL_MADE)
    ]


def _destination(route: Shown) -> str:
    text = route["dst"]
    if text == "default":  # of which family is not told, but IPv6 has a preference
        return "::/0" if "pref" in route else "0.0.0.0/0"
    return str(ipaddress.ip_network(text))


def _differ(where: str, what: str, have: set[str], want: set[str]) -> list[str]:
    return [
        *(f"{where} lacks {what} {one}" for one in sorted(want - have)),
        *(f"{where} has stale {what} {one}" for one in sorted(have - want)),
    ]


def _device(ike: Shown, child: Shown, rules: Rules) -> Device:
    if "if-id-in" in child or "if-id-out" in child:
        ids = [int(child.get(f"if-id-{way}", "0"), 16) for way in ("in", "out")]
        return Device("xfrm", ikey=ids[0] or ids[1], okey=ids[1] or ids[0])
    local, remote = ike["local-host"], ike["remote-host"]
    if rules.shared:
        remote = "any"
    keys = (int(child.get("mark-in", "0"), 16), int(child.get("mark-out", "0"), 16))
    return Device("vti6" if ":" in local else "vti", local, remote, *keys)


def _version(text: str) -> int:
    return 6 if ":" in text else 4


def _covers(network: str, address: t.Any) -> bool:
    """Whether it is a default route, or leads the tunnel's own packets into the tunnel."""
    parsed = ipaddress.ip_network(network)
    return parsed.prefixlen == 0 or (parsed.version == address.version and address in parsed)


def _key(text: str | None) -> int:
    return int(ipaddress.IPv4Address(text)) if text and "." in text else int(text or 0)
