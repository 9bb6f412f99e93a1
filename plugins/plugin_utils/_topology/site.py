# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A site: its members and what they have in common (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.member import (
    AUTHS,
    FAMILIES,
    KINDS,
    MEMBER,
    MTU_MAX,
    MTU_MIN,
    U32_MAX,
    Ends,
    Member,
    Pair,
    parse_member,
    parse_pair,
    underlay_mtu,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.read import (
    Network,
    Reader,
)

PAIRS, MESH, HUB = "pairs", "mesh", "hub"
TOPOLOGIES = (PAIRS, MESH, HUB)
SITE = (
    "name",
    "topology",
    "members",
    "hubs",
    "pairs",
    "external",
    "prefix",
    "overlay",
    "keys",
    "kind",
    "family",
    "mtu",
    "underlay_mtu",
    "device_prefix",
    "auth",
    "master_secret",
    "psk_generation",
    "cacerts",
    "summary",
    "guards",
    "metrics",
    "failover",
    "connection",
    "child",
)
"""The options of a site."""

KEYS = (2**30, 2**31 - 1)  # far from the small marks that firewalls and container networks use
METRICS = (100, 200)
DEVICE_PREFIX = "vpn-"
MASTER_MIN = 32  # characters: as many as `openssl rand -hex 16` prints

HostVars = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Site:
    """A site; O(pairs) are those that have something of their own."""

    name: str
    topology: str
    members: t.Mapping[str, Member]
    hubs: t.Tuple[str, ...] = ()
    pairs: t.Mapping[Ends, Pair] = field(default_factory=dict)
    overlay: t.Tuple[Network, ...] = ()
    keys: t.Tuple[int, int] = KEYS
    kind: str = ""
    family: str = FAMILIES[0]
    mtu: t.Optional[int] = None
    underlay_mtu: t.Optional[int] = None
    device_prefix: str = DEVICE_PREFIX
    auth: str = AUTHS[0]
    master_secret: str = field(default="", repr=False)
    psk_generation: str = ""
    cacerts: t.Tuple[str, ...] = ()
    summary: t.Tuple[Network, ...] = ()
    guards: t.Tuple[Network, ...] = ()
    metrics: t.Tuple[int, ...] = METRICS
    failover: bool = False
    connection: t.Mapping[str, t.Any] = field(default_factory=dict)
    child: t.Mapping[str, t.Any] = field(default_factory=dict)

    def pair(self, ends: Ends) -> Pair:
        """Return what two members have of their own."""
        return self.pairs.get(ends) or Pair(ends)


def parse_site(description: t.Any, hostvars: HostVars) -> Site:
    """Return the site that a description and the variables of its hosts give.

    :raises InputError: a value is missing or wrong.
    """
    read = Reader("site", description)
    read.known(SITE)
    name = read.text("name", "site")
    read.what = f"site {name}"
    topology = read.word("topology", TOPOLOGIES)
    if not topology:
        raise InputError(f"site {name}: topology is missing: expected {', '.join(TOPOLOGIES)}")
    pairs = _pairs(name, read)
    hubs = _hubs(read, topology)
    names = _names(read, topology, hubs, pairs)
    master = read.text("master_secret")
    if master and len(master) < MASTER_MIN:
        raise InputError(
            f"site {name}: master_secret has {len(master)} characters: expected at least"
            f" {MASTER_MIN}, as `openssl rand -hex 32` prints them"
        )
    failover = read.switch("failover")
    return Site(
        name=name,
        topology=topology,
        members=_members(read, names, hostvars),
        hubs=hubs,
        pairs=pairs,
        overlay=_overlay(read),
        keys=_keys(read),
        kind=read.word("kind", KINDS),
        family=read.word("family", FAMILIES) or FAMILIES[0],
        mtu=read.number("mtu", MTU_MIN, MTU_MAX),
        underlay_mtu=underlay_mtu(read),
        device_prefix=read.text("device_prefix", DEVICE_PREFIX),
        auth=read.word("auth", AUTHS) or AUTHS[0],
        master_secret=master,
        psk_generation=read.text("psk_generation"),
        cacerts=read.texts("cacerts"),
        summary=read.networks("summary"),
        guards=read.networks("guards"),
        metrics=_metrics(read),
        failover=len(hubs) > 1 if failover is None else failover,
        connection=read.mapping("connection"),
        child=read.mapping("child"),
    )


def _pairs(site: str, read: Reader) -> t.Dict[Ends, Pair]:
    found: t.Dict[Ends, Pair] = {}
    for entry in read.items("pairs"):
        pair = parse_pair(site, entry)
        if pair.ends in found:
            raise InputError(
                f"site {site}: pair {' and '.join(pair.ends)}: it is in the list twice; keep one"
            )
        found[pair.ends] = pair
    return found


def _hubs(read: Reader, topology: str) -> t.Tuple[str, ...]:
    hubs = tuple(dict.fromkeys(read.texts("hubs")))
    if topology != HUB and hubs:
        raise read.wrong("hubs", ", ".join(hubs), f"none with topology {topology}")
    if topology == HUB and len(hubs) not in {1, 2}:
        raise read.wrong("hubs", ", ".join(hubs), "the names of one or two hosts, the first first")
    return hubs


def _names(
    read: Reader, topology: str, hubs: t.Sequence[str], pairs: t.Collection[Ends]
) -> t.List[str]:
    """Return the names of the members, without those that Ansible does not control."""
    listed = [*read.texts("members"), *hubs]
    in_pairs = [name for ends in pairs for name in ends]
    if topology == PAIRS:
        return list(dict.fromkeys(listed + in_pairs))
    if not read.items("members"):
        raise InputError(
            f"{read.what}: members is missing: expected the names of its hosts, like"
            " \"{{ groups['gateways'] }}\""
        )
    known = set(listed) | set(read.mapping("external"))
    for name in in_pairs:
        if name not in known:
            raise read.wrong("pairs", name, "the names of members, or of external ones")
    return list(dict.fromkeys(listed))


def _members(read: Reader, names: t.Sequence[str], hostvars: HostVars) -> t.Dict[str, Member]:
    external = read.mapping("external")
    found: t.Dict[str, Member] = {}
    prefix = read.text("prefix")
    for name in names:
        if name in external:
            continue
        if name not in hostvars:
            raise InputError(
                f"{read.what}: host {name} is not in the inventory: add it there, or describe it"
                " in external"
            )
        found[name] = parse_member(name, hostvars[name], prefix)
    for name, values in external.items():
        Reader(f"{read.what}: external: {name}", values).known(MEMBER)
        found[name] = parse_member(name, values)
    return found


def _overlay(read: Reader) -> t.Tuple[Network, ...]:
    overlay = read.networks("overlay")
    if len({one.version for one in overlay}) < len(overlay):
        raise read.wrong("overlay", ", ".join(map(str, overlay)), "one network of each family")
    for one in overlay:
        if one.num_addresses < 4:
            raise read.wrong("overlay", one, "room for two pairs of addresses at least")
    return overlay


def _keys(read: Reader) -> t.Tuple[int, int]:
    ends = read.items("keys")
    if not ends:
        return KEYS
    if len(ends) != 2:
        raise read.wrong("keys", ends, "the first and the last number, like [1000, 1999]")
    limits = Reader(f"{read.what}: keys", {"first": ends[0], "last": ends[1]})
    first, last = limits.number("first", 1, U32_MAX), limits.number("last", 1, U32_MAX)
    if first is None or last is None or last <= first:
        raise read.wrong("keys", ends, "the last number behind the first")
    return first, last


def _metrics(read: Reader) -> t.Tuple[int, ...]:
    values = read.items("metrics")
    if not values:
        return METRICS
    limits = Reader(f"{read.what}: metrics", {str(n): one for n, one in enumerate(values)})
    found = [limits.number(str(n), 1, U32_MAX // 2) for n in range(len(values))]
    if len(found) != 2 or len(set(found)) != 2:
        raise read.wrong("metrics", values, "two numbers, that of the first hub and of the second")
    return tuple(one or 0 for one in found)
