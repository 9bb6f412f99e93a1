# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan routes: what the kernel holds against what is wanted (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    FoundRoute,
    Route,
    RouteIdentity,
    route_name,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import DEFAULT
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    Plan,
    State,
    differences,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy


@dataclass(frozen=True)
class AddRoute:
    """Add a route; O(replace) says that it takes the place of the one with its identity.

    O(oif) is the index of its device.
    """

    route: Route
    oif: int
    protocol: int
    replace: bool


@dataclass(frozen=True)
class DeleteRoute:
    """Remove exactly this route."""

    found: FoundRoute


RouteStep = t.Union[AddRoute, DeleteRoute]
RouteChange = Change[RouteStep]


@dataclass(frozen=True)
class Routes:
    """What the kernel holds: all links by name, and routes."""

    links: t.Mapping[str, Link]
    routes: t.Tuple[FoundRoute, ...]

    def owner_of(self, found: FoundRoute, protocol: int) -> t.Optional[str]:
        """Return the owner of a route: it carries our number, and the owner is its device's.

        A route through a device without a mark belongs to the owner V(default).
        """
        if found.protocol != protocol:
            return None
        link = self.links.get(found.dev)
        return (link.owner if link else None) or DEFAULT


def plan_routes(
    wanted: t.Sequence[Route], kernel: Routes, policy: Policy, protocol: int
) -> Plan[RouteStep]:
    """Return what to change so that the kernel holds the wanted routes.

    :raises ConflictError: a device is missing or down, or a route belongs to somebody else.
    """
    there: t.Dict[RouteIdentity, t.List[FoundRoute]] = {}
    for found in kernel.routes:
        there.setdefault(found.identity, []).append(found)
    warnings: t.List[str] = []
    removals: t.List[RouteChange] = []
    changes: t.List[RouteChange] = []
    for route in wanted:
        candidates = there.get(route.identity, [])
        if route.present:
            _check_device(route, kernel, policy, warnings)
            changes += _present(route, candidates, kernel, policy, protocol)
        else:
            removals += _absent(route, candidates, kernel, policy, protocol)
    if policy.purge:
        listed = {route.identity for route in wanted}
        removals += [
            _remove(found, f"purge: owner '{policy.owner}' no longer lists it")
            for found in kernel.routes
            if kernel.owner_of(found, protocol) == policy.owner and found.identity not in listed
        ]
    return Plan((*removals, *changes), tuple(warnings))


def _check_device(route: Route, kernel: Routes, policy: Policy, warnings: t.List[str]) -> None:
    link = kernel.links.get(route.dev)
    if link is not None and link.up:
        return
    problem = f"{route.object}: dev '{route.dev}' " + ("is down" if link else "does not exist")
    if policy.check_mode:
        warnings.append(f"{problem}. Check mode assumes that it will be there")
        return
    remedy = "set it up first (vti_tunnel with up: true)" if link else "make it with vti_tunnel"
    raise ConflictError(f"{problem}: expected a device that is up; {remedy}")


def found_state(found: FoundRoute) -> t.Dict[str, t.Any]:
    """Return a route as a user reads it."""
    state = {"dev": found.dev, "src": found.src, "protocol": found.protocol}
    if found.gateway:
        state["gateway"] = found.gateway
    if found.type != 1:
        state["type"] = found.type
    return state


def _present(
    route: Route,
    candidates: t.Sequence[FoundRoute],
    kernel: Routes,
    policy: Policy,
    protocol: int,
) -> t.List[RouteChange]:
    link = kernel.links.get(route.dev)
    oif = link.index if link else 0  # 0 in check mode only
    after: State = {"dev": route.dev, "src": route.src, "protocol": protocol}
    found = _closest(route, candidates, protocol)
    if found is None:
        reason = "it does not exist"
        step = AddRoute(route, oif, protocol, replace=False)
        return [Change(route.object, (Action("create", reason),), None, after, (step,))]
    before = found_state(found)
    if before == after:
        return []
    difference = differences({**before, "protocol": protocol}, after)
    owner = kernel.owner_of(found, protocol)
    policy.may_touch(route.object, owner, "; ".join(difference))
    action = "adopt" if found.protocol != protocol else "change"
    reason = "; ".join(differences(before, after))
    steps: t.Tuple[RouteStep, ...] = (AddRoute(route, oif, protocol, replace=True),)
    if route.version == 6:  # the next hop is part of an IPv6 route's identity: no replace
        steps = (DeleteRoute(found), AddRoute(route, oif, protocol, replace=False))
    return [Change(route.object, (Action(action, reason),), before, after, steps)]


def _closest(
    route: Route, candidates: t.Sequence[FoundRoute], protocol: int
) -> t.Optional[FoundRoute]:
    """Return the route that stands in the wanted one's place, if any does.

    IPv4 holds one route for each identity. IPv6 holds one for each next hop, so a foreign route
    through another device is left alone.
    """
    for found in candidates:
        if found.dev == route.dev:
            return found
    for found in candidates:
        if found.protocol == protocol or route.version == 4:
            return found
    return None


def _absent(
    route: Route,
    candidates: t.Sequence[FoundRoute],
    kernel: Routes,
    policy: Policy,
    protocol: int,
) -> t.List[RouteChange]:
    meant = [
        found
        for found in candidates
        if route.version == 4 or found.dev == route.dev or found.protocol == protocol
    ]
    if route.version == 6 and route.dev:
        meant = [found for found in meant if found.dev == route.dev]
    removed = [found for found in meant if found.protocol == protocol] or meant
    for found in removed:
        if found.protocol != protocol and not policy.adopt:
            raise ConflictError(
                f"{route.object}: it exists with protocol {found.protocol}, and ours is"
                f" {protocol}: it is not ours; remove it by hand, or allow it with adopt: true"
            )
        policy.may_touch(route.object, kernel.owner_of(found, protocol), "it is to be removed")
    return [_remove(found, "state is absent") for found in removed]


def _remove(found: FoundRoute, reason: str) -> RouteChange:
    return Change(
        route_name(found.identity),
        (Action("remove", reason),),
        found_state(found),
        None,
        (DeleteRoute(found),),
    )
