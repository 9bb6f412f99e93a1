# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One end of a tunnel: what a member knows of it, decided so that the other end agrees (pure)."""

from __future__ import annotations

import hashlib
import re
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.names import (
    NAME_MAX,
    check_device_name,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.allocate import (
    inner_address,
    inner_networks,
    key_of,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.member import (
    VERSIONS,
    Ends,
    Member,
    Pair,
    sorted_ends,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.read import Address
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.site import HUB, Site

NAME_OF_VTI = {4: "vti", 6: "vti6"}
XFRM = "xfrm"
CONNECTION_MAX = 64  # what strongswan_conn takes
DIGITS = 5  # of a hash, where a name does not fit

# What an end does to have its tunnel up.
ON_DEMAND, ALWAYS, WAIT = "on demand", "always", "wait"


@dataclass(frozen=True)
class End:
    """A tunnel as one of its two hosts has it.

    O(remote) is None for a peer behind NAT that nobody can reach from outside. O(inner) are the
    addresses of both devices, own and peer's, with their prefix lengths.
    """

    me: Member
    peer: Member
    pair: Pair
    key: int
    kind: str
    device: str
    connection: str
    local: Address
    remote: t.Optional[Address]
    inner: t.Tuple[t.Tuple[str, str], ...]
    start: str
    follows: bool
    """Whether the routes follow the SA, as there is another way."""


def end_of(site: Site, name: str, peer: str) -> End:
    """Return a member's end of the tunnel to a peer.

    :raises InputError: there can be no such tunnel.
    """
    me, other = site.members[name], site.members[peer]
    pair = site.pair(sorted_ends(name, peer))
    _check_reachable(site, me, other, pair)
    version = _version(site, me, other, pair)
    local = pair.underlay.get(name) or _of(version, me.underlay)
    remote = pair.underlay.get(peer) or _of(version, other.seen)
    if local is None:  # _check_reachable has refused it
        raise AssertionError(f"{name} has no IPv{version} address towards {peer}")
    follows = site.failover and site.topology == HUB and bool({name, peer} & set(site.hubs))
    return End(
        me=me,
        peer=other,
        pair=pair,
        key=key_of(site, pair.ends),
        kind=_kind(site, me, other, pair, remote),
        device=_device(site, pair, name, peer),
        connection=_connection(peer),
        local=local,
        remote=remote,
        inner=_inner(site, pair.ends, name, peer),
        start=_start(site, me, other, pair, follows),
        follows=follows,
    )


def reachable(member: Member, pair: Pair) -> bool:
    """Return whether the peer in a pair can send the first packet to a member."""
    return bool(member.seen) or member.name in pair.underlay


def _check_reachable(site: Site, me: Member, other: Member, pair: Pair) -> None:
    if not reachable(me, pair) and not reachable(other, pair):
        raise InputError(
            f"site {site.name}: pair {' and '.join(pair.ends)}: both are behind NAT, and neither"
            " has a `public` address, so neither can reach the other: give one of them (host"
            " variable), or leave the pair out (pairs, exclude: true)"
        )


def _version(site: Site, me: Member, other: Member, pair: Pair) -> int:
    """Return the version of IP that both ends have on the underlay, the wanted one if there are two."""
    sides: t.List[t.FrozenSet[int]] = [
        frozenset({pair.underlay[one.name].version}) if one.name in pair.underlay else one.versions
        for one in (me, other)
    ]
    common = sides[0] & sides[1]
    wanted = VERSIONS[pair.family or site.family]
    if not common or (pair.family and wanted not in common):
        raise InputError(
            f"site {site.name}: pair {' and '.join(pair.ends)}: {_addresses(me)}, {_addresses(other)}:"
            f" expected underlay addresses of one family, IPv{wanted if pair.family else '4 or IPv6'},"
            " on both"
        )
    return wanted if wanted in common else min(common)


def _addresses(member: Member) -> str:
    return f"{member.name} has {' and '.join(map(str, member.underlay))}"


def _of(version: int, addresses: t.Iterable[Address]) -> t.Optional[Address]:
    return next((one for one in addresses if one.version == version), None)


def _kind(site: Site, me: Member, other: Member, pair: Pair, remote: t.Optional[Address]) -> str:
    """Return the kind of device; each end decides on its own, as the peer does not see it."""
    nat = me.behind_nat or other.behind_nat
    wanted = pair.kinds.get(me.name) or me.kind or site.kind or (XFRM if nat else "vti")
    if wanted == XFRM:
        return XFRM
    if remote is None:
        raise InputError(
            f"site {site.name}: pair {' and '.join(pair.ends)}: {me.name} is to have a VTI, and"
            f" {other.name} is behind NAT without a `public` address: a VTI needs one; give it, or"
            f" tunnel_kind: xfrm to {me.name}"
        )
    return NAME_OF_VTI[remote.version]


def _start(site: Site, me: Member, other: Member, pair: Pair, follows: bool) -> str:
    """Return what brings the tunnel up: its first packet, from either side, where that can be."""
    if not reachable(other, pair):
        return WAIT
    if not reachable(me, pair):
        return ALWAYS
    if not follows:
        return ON_DEMAND
    # A route that waits for the SA brings no packet that could ask for one.
    if me.name in site.hubs and other.name in site.hubs:
        return ALWAYS if site.hubs.index(me.name) == 0 else WAIT
    return WAIT if me.name in site.hubs else ALWAYS


def _inner(site: Site, ends: Ends, name: str, peer: str) -> t.Tuple[t.Tuple[str, str], ...]:
    found = []
    for network in inner_networks(site, ends):
        own, theirs = (inner_address(network, ends, one) for one in (name, peer))
        found.append((f"{own}/{network.prefixlen}", f"{theirs}/{network.prefixlen}"))
    return tuple(found)


def _device(site: Site, pair: Pair, name: str, peer: str) -> str:
    own = pair.devices.get(name)
    if own is None:
        own = site.device_prefix + _fitting(peer, NAME_MAX - len(site.device_prefix.encode()))
    return check_device_name(f"site {site.name}: {name}: device", own)


def _connection(peer: str) -> str:
    plain = peer.replace(".", "_")
    return plain if _plain(plain) == plain and len(plain) <= CONNECTION_MAX else _fitting(peer, 32)


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


def _fitting(name: str, room: int) -> str:
    """Return a name if it fits, else what of it fits, and a hash of it."""
    plain = _plain(name)
    if plain == name and len(name) <= room:
        return name
    digits = hashlib.sha256(name.encode()).hexdigest()[:DIGITS]
    return f"{plain[: max(room - DIGITS - 1, 0)].strip('-_')}-{digits}".lstrip("-")
