# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan one route: what stands in its place, and how it gets there (pure).

IPv4 holds one route for each identity, and replaces it by one message. IPv6 holds one for each next
hop; a replacing message takes the place of the first of the same sort, whoever made that, so it is
used only where it hits what is meant to go.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    FoundRoute,
    Route,
    WantedRoute,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    differences,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_owner import Owners
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_state import (
    balances,
    completed,
    route_state,
    share_a_hop,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import (
    ADD,
    APPEND,
    REPLACE,
    AddRoute,
    DeleteRoute,
    RouteChange,
    RouteStep,
)

Candidates = t.Sequence[FoundRoute]
"""What the kernel holds of one identity, in the order in which it counts."""

Steps = t.Tuple[RouteStep, ...]


def settled(wanted: WantedRoute, candidates: Candidates, owners: Owners) -> bool:
    """Whether nothing is to do, as far as the routes of our protocol number tell."""
    ours = [found for found in candidates if found.protocol == owners.protocol]
    return wanted.present and len(ours) == 1 and not _reasons(wanted.route, ours[0], owners)


def place(
    route: Route, candidates: Candidates, owners: Owners, policy: Policy
) -> t.List[RouteChange]:
    """Return what makes a wanted route be there.

    :raises ConflictError: what stands in its place is not this owner's.
    """
    for found in candidates:
        if not _reasons(route, found, owners):
            return _only(route, found, candidates, owners, policy)
    old = _in_place(route, candidates, owners)
    if not old:
        step = _add(route, owners, APPEND if candidates else ADD)
        after = route_state(route, owners.protocol)
        return [
            Change(route.object, (Action("create", "it does not exist"),), None, after, (step,))
        ]
    for found in old:
        difference = _difference(route, found, owners)
        policy.may_touch(route.object, owners.of(found), "; ".join(difference))
    main = next((found for found in old if not _difference(route, found, owners)), old[0])
    reasons = _reasons(route, main, owners)
    action = "adopt" if main.protocol != owners.protocol else "change"
    return [
        Change(
            route.object,
            (Action(action, "; ".join(reasons)),),
            route_state(main.route, main.protocol),
            route_state(completed(route, main.route), owners.protocol),
            _exchange(route, old, candidates, owners),
        )
    ]


def preceded(route: Route, candidates: Candidates, owners: Owners) -> str:
    """Return a warning if a foreign IPv6 route of the same metric is, and stays, before ours."""
    standing = _in_place(route, candidates, owners)
    if not candidates or candidates[0] in standing:
        return ""
    devices = ", ".join(candidates[0].route.devices) or candidates[0].route.type
    return (
        f"{route.object}: a route of somebody else with the same metric is before it ({devices}),"
        " and takes the traffic; give a lower metric if this one is to be preferred"
    )


def removal(found: FoundRoute, reason: str) -> RouteChange:
    """Return the change that removes a route."""
    return Change(
        found.route.object,
        (Action("remove", reason),),
        route_state(found.route, found.protocol),
        None,
        _deletions([found]),
    )


def removals(
    wanted: WantedRoute, candidates: Candidates, owners: Owners, policy: Policy
) -> t.List[RouteChange]:
    """Return what makes a route be gone; of IPv6 routes those through the named devices, if any.

    :raises ConflictError: it is not this owner's.
    """
    route = wanted.route
    ours = [found for found in candidates if found.protocol == owners.protocol]
    if route.identity.version == 4:
        meant = ours or list(candidates)
    elif route.devices:
        named = [one for one in candidates if set(one.route.devices) & set(route.devices)]
        meant = [one for one in named if one.protocol == owners.protocol] or named
    else:
        meant = ours
    for found in meant:
        if found.protocol != owners.protocol and not policy.adopt:
            raise ConflictError(
                f"{route.object}: it exists with protocol {found.protocol}, and ours is"
                f" {owners.protocol}: it is not ours; remove it by hand, or allow it with"
                " adopt: true"
            )
        policy.may_touch(route.object, owners.of(found), "it is to be removed")
    return [removal(found, "state is absent") for found in meant]


def _only(
    route: Route, main: FoundRoute, candidates: Candidates, owners: Owners, policy: Policy
) -> t.List[RouteChange]:
    """Return what removes our other next hops: a run that was killed may have left one."""
    spare = [one for one in candidates if one is not main and one.protocol == owners.protocol]
    for found in spare:
        policy.may_touch(route.object, owners.of(found), "it has another next hop")
    return [removal(found, "the wanted route is there beside it") for found in spare]


def _in_place(route: Route, candidates: Candidates, owners: Owners) -> t.List[FoundRoute]:
    """Return the routes that cannot stay beside the wanted one."""
    if route.identity.version == 4:
        return list(candidates)
    return [
        found
        for found in candidates
        if found.protocol == owners.protocol
        or share_a_hop(route, found.route)
        or (balances(route) and balances(found.route))
    ]


def _exchange(
    route: Route, old: t.Sequence[FoundRoute], candidates: Candidates, owners: Owners
) -> Steps:
    """Return the steps from old routes to the new one, without a gap where the kernel can."""
    hit = candidates[0]
    if route.identity.version == 6:
        like = (one for one in candidates if balances(one.route) == balances(route))
        hit = next(like, hit)
    if any(one is hit for one in old):
        rest = [one for one in old if one is not hit]
        return (*_deletions(rest), _add(route, owners, REPLACE))
    if any(share_a_hop(route, one.route) for one in old):
        return (*_deletions(old), _add(route, owners, APPEND))
    return (_add(route, owners, APPEND), *_deletions(old))


def _add(route: Route, owners: Owners, mode: str) -> AddRoute:
    return AddRoute(route, owners.protocol, owners.mark(route), mode)


def _deletions(routes: t.Iterable[FoundRoute]) -> Steps:
    return tuple(DeleteRoute(found.route, found.protocol) for found in routes)


def _difference(route: Route, found: FoundRoute, owners: Owners) -> t.List[str]:
    """Say how a route differs from the wanted one, whoever made it."""
    wanted = completed(route, found.route)
    if wanted == found.route:  # far quicker than the comparison in words
        return []
    return differences(
        route_state(found.route, owners.protocol), route_state(wanted, owners.protocol)
    )


def _reasons(route: Route, found: FoundRoute, owners: Owners) -> t.List[str]:
    """Say how a route differs from the wanted one of this owner."""
    reasons = _difference(route, found, owners)
    if found.protocol != owners.protocol:
        reasons += differences({"protocol": found.protocol}, {"protocol": owners.protocol})
    elif owners.of(found) != owners.of_wanted(route):
        reasons += differences({"owner": owners.of(found)}, {"owner": owners.of_wanted(route)})
    return reasons
