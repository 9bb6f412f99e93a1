# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Expand wanted routes by their guards and underlay exceptions (pure).

A guard is an unreachable route for the same destination, in one of two places:

- in the same table, at a metric worse than any other's. It holds as long as no other route for the
  destination is left there;
- in a table of its own, together with the guarded route, where the main table has another route
  for the destination or, as any DHCP client does, may get one: a default route. Two rules lead
  there, see M(rules_of).

An underlay exception is a throw route for the peer. It ends the lookup in its table, and the next
rule's table decides, so it follows the underlay's routes as they come and go. In the main table
that would lead nowhere, so there such a route lives in the guards' table, too.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.guard import (
    BITS,
    GUARD_TABLE,
    guard_metric,
    is_default,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    BLACKHOLE,
    GLOBAL,
    MAIN,
    PROHIBIT,
    THROW,
    UNICAST,
    UNREACHABLE,
    FoundRoute,
    Route,
    RouteIdentity,
    RouteOptions,
    WantedRoute,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.loop import (
    Covered,
    endpoints_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_owner import Owners
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import Routes

SAFE_TYPES = (UNREACHABLE, BLACKHOLE, PROHIBIT)
"""What no packet leaves by."""


Traffic = t.Tuple[int, int, str]
"""IP version, table and destination: what routes of different metrics compete for."""


@dataclass(frozen=True)
class Expanded:
    """The routes to plan instead of the wanted ones, guards among them.

    O(needless) are parts of guards that were found and guard nothing any more.
    """

    wanted: t.Tuple[WantedRoute, ...]
    needless: t.Tuple[FoundRoute, ...]


def expand(
    wanted: t.Sequence[WantedRoute], kernel: Routes, owners: Owners, purge: bool = False
) -> Expanded:
    """Return the wanted routes in their places, with their guards and exceptions.

    What O(purge) removes is left to it.

    :raises ConflictError: a guard would not hold.
    """
    competition = _competition(wanted, kernel, owners.protocol)
    ours = {one.route.identity for one in kernel.routes if owners.of(one) is not None}
    own = {one.route.identity for one in kernel.routes if owners.of(one) == owners.owner}
    expanded: t.Dict[RouteIdentity, WantedRoute] = {}
    for one in wanted:
        identity = one.route.identity
        peers = _peers(one, kernel.links)
        place = identity.table
        exposed = one.present and one.guard and traffic(identity) in competition
        if exposed and place != MAIN:
            raise ConflictError(_exposed(one.route))
        if one.present and place == MAIN:
            if peers or exposed or (one.guard and is_default(identity.dst)):
                place = GUARD_TABLE
        parts = [_moved(one, place)]
        if identity.table == MAIN:  # an earlier run may have had another place for it
            left = _moved(one, MAIN if place == GUARD_TABLE else GUARD_TABLE).route
            if one.present and left.identity in own:
                parts.append(WantedRoute(replace(left, hops=()), present=False))
            elif not one.present and left.identity in ours:
                parts.append(WantedRoute(left, present=False))
        if one.present and one.guard:
            parts.append(_special(UNREACHABLE, identity.version, place, identity.dst, owners.owner))
        for peer in peers:
            host = f"{peer}/{BITS[identity.version]}"
            parts.append(_special(THROW, identity.version, place, host, owners.owner))
        for part in parts:
            expanded.setdefault(part.route.identity, part)
    needless = () if purge else _needless(wanted, expanded, kernel, owners)
    return Expanded(tuple(expanded.values()), needless)


def traffic(identity: RouteIdentity) -> Traffic:
    """Return what a route competes for."""
    return (identity.version, identity.table, identity.dst)


def is_part_of_guard(route: Route, owner: str) -> bool:
    """Whether a route with our number is a guard or an exception of this owner."""
    return route.type in (UNREACHABLE, THROW) and route.identity.metric == guard_metric(owner)


def excepts(links: t.Mapping[str, Link], route: Route) -> t.List[str]:
    """Return the peers of a route's own devices, as far as the route covers them."""
    ends = [endpoints_of(links.get(device)) for device in route.devices]
    covered = Covered([route.identity.dst])
    return sorted({end.remote for end in ends if end and end.remote in covered})


def _peers(one: WantedRoute, links: t.Mapping[str, Link]) -> t.List[str]:
    return excepts(links, one.route) if one.present and one.underlay_exception else []


def _exposed(route: Route) -> str:
    return (
        f"{route.object}: guard cannot hold: somebody else has a route for {route.identity.dst} in"
        " the same table, which would take the traffic; expected none, as only rules of your own"
        " lead to that table; remove the other route, or give another table"
    )


def _moved(one: WantedRoute, table: int) -> WantedRoute:
    identity = one.route.identity._replace(table=table)
    return replace(one, route=replace(one.route, identity=identity))


def _special(kind: str, version: int, table: int, dst: str, owner: str) -> WantedRoute:
    options = RouteOptions(scope=GLOBAL if version == 4 else "")
    identity = RouteIdentity(version, table, dst, 0, guard_metric(owner))
    return WantedRoute(Route(identity, kind, (), options))


def _competition(wanted: t.Sequence[WantedRoute], kernel: Routes, protocol: int) -> t.Set[Traffic]:
    """Return what has a route that takes the traffic elsewhere when the guarded one is gone.

    Routes of ours through tunnels do not, nor do those that are guarded, too.
    """
    guarded = {one.route.identity for one in wanted if one.present and one.guard}
    routes = [one.route for one in wanted if one.present and not one.guard]
    routes = [route for route in routes if not _through_tunnels(route, kernel.links)]
    for found in kernel.routes:
        ours = found.protocol == protocol
        if ours and _through_tunnels(found.route, kernel.links):
            continue
        # IPv6 keeps another's next hop beside ours; for IPv4 the plan says whether it may go.
        if found.route.identity in guarded and (ours or found.route.identity.version == 4):
            continue
        routes.append(found.route)
    return {traffic(route.identity) for route in routes if route.type not in SAFE_TYPES}


def _through_tunnels(route: Route, links: t.Mapping[str, Link]) -> bool:
    found = [links.get(device) for device in route.devices]
    return bool(found) and all(link is not None and link.data is not None for link in found)


def _needless(
    wanted: t.Sequence[WantedRoute],
    expanded: t.Collection[RouteIdentity],
    kernel: Routes,
    owners: Owners,
) -> t.Tuple[FoundRoute, ...]:
    """Return this owner's parts of guards for the wanted destinations that serve nothing.

    A guard serves as long as a route of the owner for its destination is left; an exception as
    long as one goes through the device whose peer it is for.
    """
    own = [found for found in kernel.routes if owners.of(found) == owners.owner]
    left = [
        found.route
        for found in own
        if found.route.type == UNICAST and found.route.identity not in expanded
    ]
    guarded = {traffic(route.identity) for route in left}
    excepted = {
        (route.identity.table, peer) for route in left for peer in excepts(kernel.links, route)
    }
    tables = {one.route.identity.table for one in wanted}
    destinations = {one.route.identity.dst for one in wanted}
    covered = Covered(destinations)
    needless = []
    for found in own:
        identity = found.route.identity
        peer = identity.dst.rpartition("/")[0]
        if identity in expanded or not is_part_of_guard(found.route, owners.owner):
            continue
        if (MAIN if identity.table == GUARD_TABLE else identity.table) not in tables:
            continue
        if found.route.type == UNREACHABLE:
            over = identity.dst in destinations and traffic(identity) not in guarded
        else:
            over = peer in covered and (identity.table, peer) not in excepted
        if over:
            needless.append(found)
    return tuple(needless)
