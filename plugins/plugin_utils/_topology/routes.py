# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes and guards of a member (pure).

Fails closed: what is behind a peer goes through its tunnel or nowhere. Where there are two ways,
the updown hook adds and withdraws the routes as the SAs come and go, so that a run of Ansible does
not bring back what the hook withdrew; then only the guards are listed here.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.end import XFRM, End
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.read import (
    Address,
    Network,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.site import HUB, Site

Entry = t.Dict[str, t.Any]

GUARD_METRIC = 2**32 - 2**24 - 1  # worse than all but the guards of vti_route itself
GUARD_TABLE = "15700"  # where vti_route puts default routes with a guard


def destinations(site: Site, end: End) -> t.Tuple[Network, ...]:
    """Return what is reached through a tunnel: the peer's networks, by a hub those of the spokes."""
    found = list(end.peer.networks)
    name, peer = end.me.name, end.peer.name
    if site.topology == HUB and peer in site.hubs and name not in site.hubs:
        spokes = sorted(set(site.members) - {name, *site.hubs})
        found += site.summary or [net for one in spokes for net in site.members[one].networks]
    return tuple(one for one in dict.fromkeys(found) if one not in end.me.networks)


def metric_of(site: Site, end: End) -> t.Optional[int]:
    """Return the metric of the routes to a hub, where there are two."""
    if len(site.hubs) < 2 or end.me.name in site.hubs or end.peer.name not in site.hubs:
        return None
    return site.metrics[site.hubs.index(end.peer.name)]


def routes(site: Site, ends: t.Sequence[End]) -> t.List[Entry]:
    """Return the entries for vti_route of a member with these tunnels."""
    found: t.List[Entry] = []
    guarded: t.Dict[Network, None] = {}
    for end in ends:
        for dst in destinations(site, end):
            if end.follows:
                _check_follows(site, end, dst)
                guarded[dst] = None
            else:
                found += _routes(site, end, dst)
    routed = {entry["dst"] for entry in found}
    for one in (*site.guards, *site.overlay):
        guarded[one] = None
    found += [guard(one) for one in guarded if str(one) not in routed]
    return found


def guard(dst: Network) -> Entry:
    """Return a route to nowhere, for when there is no better one."""
    return {"dst": str(dst), "type": "unreachable", "metric": GUARD_METRIC}


def source(addresses: t.Iterable[Address], dst: Network) -> t.Optional[str]:
    """Return the address of a host that goes with a destination's family."""
    return next((str(one) for one in addresses if one.version == dst.version), None)


def _routes(site: Site, end: End, dst: Network) -> t.List[Entry]:
    entry: Entry = {"dst": str(dst), "dev": end.device, "guard": True}
    metric, src = metric_of(site, end), source(end.me.inside, dst)
    if metric is not None:
        entry["metric"] = metric
    if src:
        entry["src"] = src
    if end.remote is None:
        if dst.prefixlen == 0:
            raise InputError(
                f"site {site.name}: {end.me.name}: the default route to {end.peer.name}, which is"
                " behind NAT: its address must be known, or the tunnel's own packets would go"
                f" into the tunnel; give {end.peer.name} a `public` address"
            )
        return [entry]
    if not _covers(dst, end.remote):
        return [entry]
    if end.kind != XFRM:
        return [{**entry, "underlay_exception": True}]
    # vti_route knows the peers of VTIs only; the rules that look up this table are the guard's.
    if dst.prefixlen:
        raise InputError(
            f"site {site.name}: {end.me.name}: network {dst} of {end.peer.name} holds the underlay"
            f" address {end.remote}, and the tunnel is an XFRM interface: expected networks without"
            " it, the default route, or a VTI"
        )
    return [entry, {"dst": str(end.remote), "type": "throw", "table": GUARD_TABLE}]


def _check_follows(site: Site, end: End, dst: Network) -> None:
    if end.remote is not None and _covers(dst, end.remote):
        raise InputError(
            f"site {site.name}: {end.me.name}: network {dst} behind {end.peer.name} holds its"
            f" underlay address {end.remote}: with failover the hook would lead the tunnel's own"
            " packets into the tunnel; expected failover: false, or networks without it"
        )


def _covers(dst: Network, address: Address) -> bool:
    return dst.version == address.version and address in dst
