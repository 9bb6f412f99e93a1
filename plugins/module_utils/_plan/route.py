# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan routes: what the kernel holds against what is wanted (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link, XfrmData
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    UNICAST,
    FoundRoute,
    NextHop,
    Route,
    RouteIdentity,
    WantedRoute,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_owner import Owners
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_place import (
    place,
    preceded,
    removal,
    removals,
    settled,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import (
    RouteChange,
    Routes,
    RouteStep,
)

Table = t.Tuple[int, int]
"""IP version and number."""

ByIdentity = t.Dict[RouteIdentity, t.List[FoundRoute]]
Ranked = t.List[t.Tuple[int, RouteChange]]


def tables_to_read(
    wanted: t.Sequence[WantedRoute], kernel: Routes, policy: Policy, protocol: int
) -> t.Set[Table]:
    """Return the tables where routes of others may stand in the way of a change."""
    owners = Owners(kernel.links, policy.owner, protocol)
    there = _by_identity(kernel.routes)
    return {
        (one.route.identity.version, one.route.identity.table)
        for one in wanted
        if not settled(one, there.get(one.route.identity, ()), owners)
    }


def plan_routes(
    wanted: t.Sequence[WantedRoute], kernel: Routes, policy: Policy, protocol: int
) -> Plan[RouteStep]:
    """Return what to change so that the kernel holds the wanted routes.

    New routes come before old ones go, and what a gateway is reached by before its route.

    :raises ConflictError: a device is missing or down, or a route belongs to somebody else.
    """
    owners = Owners(kernel.links, policy.owner, protocol)
    there = _by_identity(kernel.routes)
    warnings: t.List[str] = []
    added: Ranked = []
    removed: Ranked = []
    for one in wanted:
        route, candidates = one.route, there.get(one.route.identity, ())
        if one.present:
            _check_devices(route, kernel.links, policy, warnings)
            changes = place(route, candidates, owners, policy)
            added += ((rank(route), change) for change in changes)
            if changes:
                warnings += filter(None, [preceded(route, candidates, owners)])
        else:
            removed += (
                (rank(route), change) for change in removals(one, candidates, owners, policy)
            )
    if policy.purge:
        listed = {one.route.identity for one in wanted}
        reason = f"purge: owner '{policy.owner}' no longer lists it"
        removed += (
            (rank(found.route), removal(found, reason))
            for found in kernel.routes
            if found.route.identity not in listed and owners.of(found) == policy.owner
        )
    return Plan((*_ordered(added), *_ordered(removed, reverse=True)), tuple(warnings))


def rank(route: Route) -> int:
    """Return when a route is added; routes are removed the other way round.

    First those that keep traffic from leaving (guards), then those through a device alone, then
    those whose gateway needs the former.
    """
    if route.type != UNICAST:
        return 0
    return 2 if any(hop.gateway and not hop.onlink for hop in route.hops) else 1


def _ordered(changes: Ranked, reverse: bool = False) -> t.Iterator[RouteChange]:
    ranked = sorted(changes, key=lambda one: -one[0] if reverse else one[0])
    return (change for _rank, change in ranked)


def _by_identity(routes: t.Iterable[FoundRoute]) -> ByIdentity:
    there: ByIdentity = {}
    for found in routes:
        there.setdefault(found.route.identity, []).append(found)
    return there


def _check_devices(
    route: Route, links: t.Mapping[str, Link], policy: Policy, warnings: t.List[str]
) -> None:
    for hop in route.hops:
        for option, name in (("dev", hop.dev), ("encap dev", hop.encap.dev if hop.encap else "")):
            link = links.get(name)
            if not name or (link is not None and link.up):
                continue
            problem = f"{route.object}: {option} '{name}' "
            problem += "is down" if link else "does not exist"
            if policy.check_mode:
                warnings.append(f"{problem}. Check mode assumes that it will be there")
                continue
            remedy = (
                "set it up first (vti_tunnel with up: true)" if link else "make it with vti_tunnel"
            )
            raise ConflictError(f"{problem}: expected a device that is up; {remedy}")
        _check_encap(route, hop, links.get(hop.dev), warnings)


def _check_encap(route: Route, hop: NextHop, link: t.Optional[Link], warnings: t.List[str]) -> None:
    external = link is not None and isinstance(link.data, XfrmData) and link.data.external
    if link is not None and hop.encap and not external:
        raise ConflictError(
            f"{route.object}: encap if_id {hop.encap.if_id}: dev '{hop.dev}' takes its if_id from"
            " no route: expected an external XFRM interface (vti_tunnel with external: true); leave"
            " encap out, or give such a device"
        )
    if external and not hop.encap:
        warnings.append(
            f"{route.object}: dev '{hop.dev}' is an external XFRM interface, which drops what has"
            " no if_id: give the route an encap with the if_id of the child"
        )
