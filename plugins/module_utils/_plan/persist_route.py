# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan the files of an owner's routes and their guards (pure).

The file is planned as the kernel is: what it holds against what is wanted, by the same plan. So
guards come and go with the routes that they are for.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.guard import is_guard_rule
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.persist import (
    Blocks,
    StoredFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    FoundRoute,
    WantedRoute,
    owner_number,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import Rule
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guard import is_part_of_guard
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guarded import plan_guarded
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.persist import (
    FileChange,
    check_ours,
    plan_file,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route import rank
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_owner import Owners
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_state import balances
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import (
    REPLACE,
    AddRoute,
    DeleteRoute,
    Routes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.rule import (
    AddRule,
    DeleteRule,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._render import route as render
from ansible_collections.ipsec.strongswan.plugins.module_utils._render.route_lines import (
    read_lines,
)

REPLAY_ROUTES = ("ip -batch {0}",)
REPLAY_GUARDS = ("ip -batch {0}", f"sed -n 's/^{render.INET6}//p' {{0}} | ip -6 -batch -")


def plan_route_files(
    wanted: t.Sequence[WantedRoute],
    kernel: Routes,
    guards: StoredFile,
    routes: StoredFile,
    policy: Policy,
    protocol: int,
) -> t.Tuple[FileChange, ...]:
    """Return what to change so that the files hold the wanted routes, their guards and rules.

    Routes that the call does not name stay in them, unless it purges.

    :raises ConflictError: a file is somebody else's.
    """
    check_ours(guards, policy)
    check_ours(routes, policy)
    stored = _stored(guards, routes, kernel, policy, protocol)
    beside = _beside(wanted, kernel, stored, protocol)
    # A device may still be missing in check mode; what the files hold is this owner's.
    alone = replace(policy, check_mode=True, adopt=True)
    plan = plan_guarded(wanted, beside, alone, protocol)
    after, rules = _applied(stored, plan.changes)
    parts = [one for one in after if is_part_of_guard(one.route, policy.owner)]
    others = [one for one in after if not is_part_of_guard(one.route, policy.owner)]
    guard_blocks = _route_blocks(parts)
    for rule in sorted(rules, key=lambda one: (one.version, one.priority, one.dst)):
        _add_line(guard_blocks, rule.object, render.rule(rule))
    return (
        *plan_file(guards, guard_blocks, REPLAY_GUARDS, policy),
        *plan_file(routes, _route_blocks(others), REPLAY_ROUTES, policy),
    )


def _stored(
    guards: StoredFile, routes: StoredFile, kernel: Routes, policy: Policy, protocol: int
) -> Routes:
    """Return what the files hold, all of it marked so that it counts as this owner's."""
    found: t.List[FoundRoute] = []
    rules: t.List[Rule] = []
    for file in (guards, routes):
        its_routes, its_rules = read_lines(file.text or "")
        found += its_routes
        rules += its_rules
    owners = Owners(kernel.links, policy.owner, protocol)
    number = owner_number(policy.owner)
    return Routes(
        kernel.links,
        tuple(
            replace(one, mark=number)  # the device that told the owner is gone
            if one.protocol == protocol and owners.of(one) != policy.owner
            else one
            for one in found
        ),
        tuple(rules),
    )


def _beside(
    wanted: t.Sequence[WantedRoute], kernel: Routes, stored: Routes, protocol: int
) -> Routes:
    """Return what the files hold beside what others have in the kernel.

    Others' routes decide where a guard has its place; one that was taken over is not theirs.
    """
    mine = {one.route.identity for one in wanted if one.route.identity.version == 4}
    routes = [
        one for one in kernel.routes if one.protocol != protocol and one.route.identity not in mine
    ]
    rules = [rule for rule in kernel.rules if not is_guard_rule(rule, protocol)]
    return Routes(kernel.links, (*stored.routes, *routes), (*stored.rules, *rules))


def _applied(
    stored: Routes, changes: t.Sequence[Change[t.Any]]
) -> t.Tuple[t.List[FoundRoute], t.List[Rule]]:
    """Return the routes and rules that the files will hold."""
    routes, rules = list(stored.routes), list(stored.rules)
    for change in changes:
        for step in change.steps:
            if isinstance(step, DeleteRoute):
                routes = [one for one in routes if one.route != step.route]
            elif isinstance(step, AddRoute):
                _put(routes, step)
            elif isinstance(step, AddRule):
                rules.append(step.rule)
            elif isinstance(step, DeleteRule):
                rules = [one for one in rules if one != step.rule]
    return routes, rules


def _put(routes: t.List[FoundRoute], step: AddRoute) -> None:
    """Add a route as the kernel does, instead of the first that it replaces."""
    if step.mode == REPLACE:
        same = [one for one in routes if one.route.identity == step.route.identity]
        alike = [one for one in same if balances(one.route) == balances(step.route)]
        for old in (alike or same)[:1]:
            routes.remove(old)
    routes.append(FoundRoute(step.route, step.protocol, step.mark))


def _route_blocks(routes: t.Iterable[FoundRoute]) -> Blocks:
    """Return the lines of routes: those that a gateway is reached by before those that need it."""
    blocks: Blocks = {}
    for one in sorted(routes, key=lambda one: (rank(one.route), one.route.identity, str(one))):
        _add_line(blocks, one.route.object, render.route(one))
    return blocks


def _add_line(blocks: Blocks, name: str, line: str) -> None:
    blocks[name] = (*blocks.get(name, ()), line)
