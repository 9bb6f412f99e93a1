# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order in which routes, guards and rules are changed, and why (pure).

A guard comes first and goes last. A route that only moves between the main and the guards' table
is in its new place before the rules change, and leaves the old one after: no packet is lost.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.guard import GUARD_TABLE
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    MAIN,
    THROW,
    Route,
    RouteIdentity,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Action, Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guard import is_part_of_guard
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import (
    AddRoute,
    RouteChange,
    RouteStep,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.rule import (
    RuleChange,
    RuleStep,
)

GuardedStep = t.Union[RouteStep, RuleStep]
GuardedChange = Change[GuardedStep]

EXCEPTIONS, GUARDS, MOVED_IN, RULES, ROUTES = range(5)
RULES_OFF, MOVED_OUT, GUARDS_OFF, EXCEPTIONS_OFF = range(5, 9)


def in_order(
    changes: t.Sequence[RouteChange],
    useless: t.Collection[Route],
    rules_added: t.Sequence[RuleChange],
    rules_removed: t.Sequence[RuleChange],
    owner: str,
) -> t.Tuple[GuardedChange, ...]:
    """Return all changes in their order; O(useless) are parts of guards that guard nothing."""
    added = {_subject(one).identity for one in changes if one.after is not None}
    removed = {_subject(one).identity for one in changes if one.after is None}
    ranked: t.List[t.Tuple[int, Change[t.Any]]] = []
    for change in changes:
        route = _subject(change)
        if change.after is not None:
            rank, reason = _addition(route, _twin(route.identity) in removed, owner)
            reason = reason if change.before is None else ""
        else:
            rank, reason = _removal(route, _twin(route.identity) in added, owner)
            reason = "it guards no route any more" if route in useless else reason
        ranked.append((rank, _because(change, reason)))
    ranked += [(RULES, change) for change in rules_added]
    ranked += [(RULES_OFF, change) for change in rules_removed]
    ranked.sort(key=lambda one: one[0])
    return tuple(change for _rank, change in ranked)


def _addition(route: Route, moved: bool, owner: str) -> t.Tuple[int, str]:
    if not is_part_of_guard(route, owner):
        return (MOVED_IN if moved else ROUTES), ""
    if route.type == THROW:
        return EXCEPTIONS, "underlay exception: the peer's own packets must not enter the tunnel"
    return GUARDS, "guard: without the route its traffic goes nowhere"


def _removal(route: Route, moved: bool, owner: str) -> t.Tuple[int, str]:
    if is_part_of_guard(route, owner):
        return (EXCEPTIONS_OFF if route.type == THROW else GUARDS_OFF), ""
    return (MOVED_OUT, "it moves to where its guard holds") if moved else (ROUTES, "")


def _because(change: RouteChange, reason: str) -> RouteChange:
    if not reason:
        return change
    return replace(change, actions=(Action(change.actions[0].action, reason),))


def _subject(change: RouteChange) -> Route:
    """Return the route that a change is about."""
    added = [step.route for step in change.steps if isinstance(step, AddRoute)]
    return added[0] if added else change.steps[-1].route


def _twin(identity: RouteIdentity) -> t.Optional[RouteIdentity]:
    """Return the other place of a route that can be in the main or in the guards' table."""
    other = {MAIN: GUARD_TABLE, GUARD_TABLE: MAIN}.get(identity.table)
    return identity._replace(table=other) if other else None
