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
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    GLOBAL,
    MAIN,
    THROW,
    UNICAST,
    UNREACHABLE,
    FoundRoute,
    Route,
    RouteIdentity,
    RouteOptions,
    WantedRoute,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guard_competition import (
    Traffic,
    competition,
    traffic,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.loop import (
    Covered,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_owner import Owners
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import Routes
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.underlay_exception import (
    excepts,
)


@dataclass(frozen=True)
class Expanded:
    """The routes to plan instead of the wanted ones, guards among them.

    O(needless) are parts of guards that were found and guard nothing any more.
    """

    wanted: t.Tuple[WantedRoute, ...]
    needless: t.Tuple[FoundRoute, ...]


def expand(
    wanted: t.Sequence[WantedRoute], kernel: Routes, owners: Owners, policy: Policy
) -> Expanded:
    """Return the wanted routes in their places, with their guards and exceptions.

    What a purge removes is left to it.

    :raises ConflictError: a guard would not hold.
    """
    contested = competition(wanted, kernel, owners.protocol, policy.adopt)
    ours = {one.route.identity for one in kernel.routes if owners.of(one) is not None}
    own = {one.route.identity for one in kernel.routes if owners.of(one) == owners.owner}
    expanded: t.Dict[RouteIdentity, WantedRoute] = {}
    for one in wanted:
        if one.present:
            peers = excepts(kernel.links, one.route) if one.underlay_exception else []
            place = _place(one, peers, contested)
            parts = [*_present(one, place, peers, owners.owner), *_left(one.route, place, own)]
        else:
            parts = list(_absent(one, ours, policy.adopt))
        for part in parts:
            expanded.setdefault(part.route.identity, part)
    needless = () if policy.purge else _needless(wanted, expanded, kernel, owners)
    return Expanded(tuple(expanded.values()), needless)


def _place(one: WantedRoute, peers: t.Sequence[str], contested: t.Collection[Traffic]) -> int:
    """Return the table that a present route goes into."""
    identity = one.route.identity
    exposed = one.guard and traffic(identity) in contested
    if identity.table != MAIN:
        if exposed:
            raise ConflictError(_exposed(one.route))
        return identity.table
    return GUARD_TABLE if peers or exposed or (one.guard and is_default(identity.dst)) else MAIN


def _present(
    one: WantedRoute, place: int, peers: t.Sequence[str], owner: str
) -> t.Iterator[WantedRoute]:
    identity = one.route.identity
    yield one if identity.table == place else replace(one, route=_moved(one.route, place))
    if one.guard:
        yield _special(UNREACHABLE, identity.version, place, identity.dst, owner)
    for peer in peers:
        host = f"{peer}/{BITS[identity.version]}"
        yield _special(THROW, identity.version, place, host, owner)


def _left(route: Route, place: int, own: t.Collection[RouteIdentity]) -> t.Iterator[WantedRoute]:
    """Give what an earlier run left in the place that the route does not need any more."""
    if route.identity.table == MAIN:
        other = route.identity._replace(table=MAIN if place == GUARD_TABLE else GUARD_TABLE)
        if other in own:
            yield WantedRoute(replace(route, identity=other, hops=()), present=False)


def _absent(
    one: WantedRoute, ours: t.Collection[RouteIdentity], adopt: bool
) -> t.Iterator[WantedRoute]:
    """Give the places that a route is to leave.

    The host's default route in the main table is not the one that is meant where ours lives, or
    has lived, in the guards' table.
    """
    identity = one.route.identity
    guarded = _moved(one.route, GUARD_TABLE)
    in_guards_table = identity.table == MAIN and guarded.identity in ours
    if in_guards_table:
        yield replace(one, route=guarded)
    may_be_the_hosts = identity.table == MAIN and (is_default(identity.dst) or in_guards_table)
    if identity in ours or not may_be_the_hosts or adopt:
        yield one


def is_part_of_guard(route: Route, owner: str) -> bool:
    """Whether a route with our number is a guard or an exception of this owner."""
    return route.type in (UNREACHABLE, THROW) and route.identity.metric == guard_metric(owner)


def _exposed(route: Route) -> str:
    return (
        f"{route.object}: guard cannot hold: somebody else has a route for {route.identity.dst} in"
        " the same table, which would take the traffic; expected none, as only rules of your own"
        " lead to that table; remove the other route, or give another table"
    )


def _moved(route: Route, table: int) -> Route:
    if route.identity.table == table:
        return route
    return replace(route, identity=route.identity._replace(table=table))


def _special(kind: str, version: int, table: int, dst: str, owner: str) -> WantedRoute:
    options = RouteOptions(scope=GLOBAL if version == 4 else "")
    identity = RouteIdentity(version, table, dst, 0, guard_metric(owner))
    return WantedRoute(Route(identity, kind, (), options))


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
