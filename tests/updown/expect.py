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
import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.tests.updown.host import Node

Shown = dict[str, t.Any]
TUNNELS = {"vti", "vti6", "xfrm"}
FALLBACK = {"ip_vti0", "ip6_vti0"}


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


def problems(node: Node, rules: Rules) -> list[str]:
    """Return what is not as the SAs want it."""
    want = wanted(node, rules)
    links = tunnels(node)
    found: list[str] = []
    for device, addresses in want.devices.items():
        fitting = [link for link in links if device.fits(link)]
        if not fitting:
            found.append(f"{node.name}: no device for the SA ({device})")
            continue
        link = fitting[0]
        links.remove(link)
        if "UP" not in link["flags"]:
            found.append(f"{node.name}: {link['ifname']} is down")
        found += _addresses(node, link["ifname"], addresses, rules)
        found += _routes(node, link["ifname"], want.routes[device], rules)
    names = sorted(link["ifname"] for link in links)
    if names:
        found.append(f"{node.name}: stale {', '.join(names)}")
    return found


def tunnels(node: Node) -> list[Shown]:
    """Return the tunnel devices that were not there before."""
    return [
        link
        for link in node.show("-d link show")
        if link.get("linkinfo", {}).get("info_kind") in TUNNELS
        and link["ifname"] not in FALLBACK | node.foreign
    ]


def surroundings(node: Node) -> list[str]:
    """Return all that is not on tunnel devices made since: it must stay."""
    made = {link["ifname"] for link in tunnels(node)}
    lines = []
    for link in node.show("addr show"):
        if link["ifname"] not in made:
            lines += [
                f"{link['ifname']} {one['local']}/{one['prefixlen']}"
                for one in link["addr_info"]
                if one["scope"] != "link"
            ]
            lines.append(f"{link['ifname']} {'up' if 'UP' in link['flags'] else 'down'}")
    for family in ("-4", "-6"):
        lines += [
            json.dumps(route, sort_keys=True)
            for route in node.show(f"{family} -N route show table all")
            if route.get("dev") not in made and not route["dst"].startswith(("fe80", "ff00"))
        ]
    return sorted(lines)


def _addresses(node: Node, name: str, want: set[str], rules: Rules) -> list[str]:
    have = {
        f"{one['local']}/{one['prefixlen']}"
        for one in node.show(f"addr show dev {name}")[0]["addr_info"]
        if one["scope"] != "link" and _version(one["local"]) in rules.families
    }
    return _differ(f"{node.name}: {name}", "address", have, want)


def _routes(node: Node, name: str, want: set[str], rules: Rules) -> list[str]:
    have = set()
    for family in rules.families:
        have |= {
            _full(route["dst"], family)
            for route in node.show(f"-{family} -N route show dev {name}")
            if route.get("protocol") != "2" and not route["dst"].startswith(("fe80", "ff00"))
        }
    return _differ(f"{node.name}: {name}", "route", have, want)


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


def _full(destination: str, family: int) -> str:
    if destination == "default":
        return "0.0.0.0/0" if family == 4 else "::/0"
    return str(ipaddress.ip_network(destination))


def _key(text: str | None) -> int:
    return int(ipaddress.IPv4Address(text)) if text and "." in text else int(text or 0)
