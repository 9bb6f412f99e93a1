# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find routes that would send a tunnel's own packets into the tunnel (pure).

Only a VTI names its peer. That of an XFRM interface, or of a VTI for any peer, is known to charon
alone. The packets of a VTI with a fwmark carry it, so rules of the user's own decide on them.
"""

from __future__ import annotations

import functools
import ipaddress
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    ANY,
    Link,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lookup import Lookup, Way


@dataclass(frozen=True)
class Endpoints:
    """Where the packets of a tunnel go on the underlay."""

    local: str
    remote: str


def endpoints_of(link: t.Optional[Link]) -> t.Optional[Endpoints]:
    """Return the endpoints of a tunnel device, as far as the host's own routes decide on them."""
    data = link.data if link else None
    if not isinstance(data, VtiData) or data.fwmark or data.remote == ANY[data.kind]:
        return None
    return Endpoints(data.local, data.remote)


class Covered:
    """Tells which addresses some destinations cover, quickly for many of both."""

    def __init__(self, destinations: t.Iterable[str]) -> None:
        self._prefixes: t.Dict[t.Tuple[int, int], t.Set[int]] = {}
        for dst in destinations:
            prefix, _slash, length = dst.partition("/")
            bits, number = _number(prefix)
            shift = bits - int(length)
            self._prefixes.setdefault((bits, shift), set()).add(number >> shift)

    def __contains__(self, address: str) -> bool:
        bits, number = _number(address)
        return any(
            number >> shift in prefixes
            for (of, shift), prefixes in self._prefixes.items()
            if of == bits
        )


@functools.lru_cache(maxsize=1 << 16)
def _number(address: str) -> t.Tuple[int, int]:
    """Return how many bits an address has, and the address as a number.

    Every run asks for those of all routes and peers, several times.
    """
    one = ipaddress.ip_address(address)
    return one.max_prefixlen, int(one)


def may_loop(destinations: t.Iterable[str], links: t.Iterable[Link]) -> bool:
    """Whether routes to these destinations may carry packets of a tunnel on the underlay."""
    covered = Covered(destinations)
    ends = (endpoints_of(link) for link in links)
    return any(end.remote in covered for end in ends if end)


def check_loops(wanted: t.Mapping[Way, str], lookup: Lookup, links: t.Mapping[str, Link]) -> None:
    """Check that no tunnel's packets come back to it by a wanted route.

    O(wanted) are the wanted routes, with their names for messages. A tunnel inside another tunnel
    is no loop.

    :raises ConflictError: they do.
    """
    covered = Covered(way.dst for way in wanted)
    for name, link in sorted(links.items()):
        end = endpoints_of(link)
        if end is None or end.remote not in covered:
            continue
        for way in _circle(name, lookup, links):
            if way in wanted:
                raise ConflictError(_explain(wanted[way], name, end, way))


def _circle(name: str, lookup: Lookup, links: t.Mapping[str, Link]) -> t.Sequence[Way]:
    """Return the routes by which a device's packets come back to it, or nothing."""
    ways: t.Dict[str, t.List[Way]] = {name: []}
    pending = [name]
    while pending:
        device = pending.pop()
        end = endpoints_of(links.get(device))
        way = lookup.way(end.local, end.remote) if end else None
        if way is None:
            continue
        trail = [*ways[device], way]
        if name in way.devices:
            return trail
        fresh = [one for one in way.devices if one not in ways]
        ways.update((one, trail) for one in fresh)
        pending += fresh
    return ()


def _explain(route: str, name: str, end: Endpoints, way: Way) -> str:
    through = "itself" if name in way.devices else f"by {', '.join(way.devices)}"
    return (
        f"{route}: it covers {end.remote}, the remote of {name}, so the tunnel's own ESP and IKE"
        f" packets would go into the tunnel {through}, in a circle: expected a path for them"
        " outside of it; allow underlay_exception: true, or first add a more specific route for"
        f" {end.remote} that goes through the underlay"
    )
