# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers, keys and inner addresses of a pair, from the names of its two hosts alone (pure).

Each host has a number, from its name or given by the user. A pair's key and inner networks are
those at the sum of its hosts' numbers, modulo how many there are. So both ends agree, nothing
depends on other members, no state is kept; and two pairs of one host have the same key only if
the two peers have the same number (modulo as many), which M(check) finds for the whole site. The
sum makes that as rare as it can be: 500 hosts share 2^30 keys with a chance of 1 in 8,600 that two
of them need a number of their own.

Pairs that have no host in common may have the same key: a mark or if_id means something on its
host only.
"""

from __future__ import annotations

import hashlib
import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.member import (
    Ends,
    Member,
    sorted_ends,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.peers import peers_of
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.read import (
    Address,
    Network,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.site import Site


class Space(t.NamedTuple):
    """What a pair gets one of: how many there are, and how to make one."""

    size: int
    overlay: t.Optional[Network]  # None for keys


def host_number(site: str, member: Member) -> int:
    """Return the number of a host: its own, or the first 128 bits of a hash of its name."""
    if member.number is not None:
        return member.number
    text = f"ipsec.strongswan topology\0{site}\0{member.name}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


def key_of(site: Site, ends: Ends) -> int:
    """Return the key of a pair: the mark of its VTIs, the if_id of its XFRM interfaces."""
    own = site.pair(ends).key
    if own is not None:
        return own
    first, _last = site.keys
    return first + _sum(site, ends) % _keys(site).size


def inner_networks(site: Site, ends: Ends) -> t.Tuple[Network, ...]:
    """Return the networks between the tunnel devices of a pair, /31 and /127."""
    own = {one.version: one for one in site.pair(ends).addresses}
    return tuple(own.get(one.version) or _inner(site, ends, one) for one in site.overlay) + tuple(
        one for version, one in own.items() if version not in {net.version for net in site.overlay}
    )


def inner_address(network: Network, ends: Ends, name: str) -> Address:
    """Return a host's address in such a network: the first one is that of the first name."""
    return network[ends.index(name)]


def check(site: Site) -> None:
    """See that no host of the site has two tunnels with the same key or the same inner network.

    :raises InputError: one has; the message names hosts and value, and says what to do.
    """
    for space in _spaces(site):
        _check_numbers(site, space)
    for name in sorted({end for ends in site.pairs for end in ends}):
        check_host(site, name)


def check_host(site: Site, name: str) -> None:
    """See that a host has no two tunnels with the same key or the same inner network.

    :raises InputError: it has.
    """
    seen: t.Dict[t.Any, str] = {}
    for peer in peers_of(site, name):
        ends = sorted_ends(name, peer)
        for value in (key_of(site, ends), *inner_networks(site, ends)):
            other = seen.setdefault(value, peer)
            if other != peer:
                what = "key" if isinstance(value, int) else "inner network"
                raise InputError(
                    f"site {site.name}: the tunnels of {name} to {other} and to {peer} have the"
                    f" same {what} {value}: give one of these pairs another one (pairs)"
                )


def _check_numbers(site: Site, space: Space) -> None:
    """See that members with a peer in common have different numbers in a space."""
    holders: t.Dict[int, t.List[str]] = {}
    for name, member in site.members.items():
        holders.setdefault(host_number(site.name, member) % space.size, []).append(name)
    for names in holders.values():
        for position, one in enumerate(names):
            for other in names[position + 1 :]:
                _check_two(site, space, one, other)


def _check_two(site: Site, space: Space, one: str, other: str) -> None:
    """See that two members with the same number have no peer in common that this matters for."""
    for peer in sorted(set(peers_of(site, one)) & set(peers_of(site, other))):
        first, second = (_value(site, space, sorted_ends(peer, end)) for end in (one, other))
        if first == second:
            what = "key" if space.overlay is None else "inner network"
            raise InputError(
                f"site {site.name}: {one} and {other} have the same number modulo {space.size}, so"
                f" the tunnels of {peer} to both would have the same {what} {first}: give {one} or"
                f" {other} a `number` of its own (host variable), or a pair its own {what} (pairs)"
                + ("" if space.overlay is None else f"; or take an overlay larger than {space[1]}")
            )


def _value(site: Site, space: Space, ends: Ends) -> t.Union[int, Network]:
    if space.overlay is None:
        return key_of(site, ends)
    version = space.overlay.version
    return next(one for one in inner_networks(site, ends) if one.version == version)


def _spaces(site: Site) -> t.Iterator[Space]:
    yield _keys(site)
    for overlay in site.overlay:
        yield Space(overlay.num_addresses // 2, overlay)


def _keys(site: Site) -> Space:
    first, last = site.keys
    return Space(last - first + 1, None)


def _sum(site: Site, ends: Ends) -> int:
    return sum(host_number(site.name, site.members[name]) for name in ends)


def _inner(site: Site, ends: Ends, overlay: Network) -> Network:
    position = _sum(site, ends) % (overlay.num_addresses // 2)
    first = int(overlay.network_address) + 2 * position
    if overlay.version == 4:
        return ipaddress.IPv4Network((first, 31))
    return ipaddress.IPv6Network((first, 127))
