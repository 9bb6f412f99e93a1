# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan routes together with their guards (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.guard import GUARD_TABLE
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    TABLES,
    THROW,
    Route,
    WantedRoute,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import LOOKUP, Rule
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan import route
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Change,
    Plan,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guard import expand
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guard_order import (
    GuardedStep,
    in_order,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lookup import Lookup, Way
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.loop import (
    check_loops,
    may_loop,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_owner import Owners
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import (
    REPLACE,
    AddRoute,
    DeleteRoute,
    Routes,
    RouteStep,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.rule import (
    AddRule,
    DeleteRule,
    RuleStep,
    Target,
    plan_rules,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.underlay_exception import (
    unknown_peers,
)

NOT_READ = (TABLES["local"], 0)
"""Tables whose routes do not matter; 0 is that of a VRF, for packets that are in it."""


def tables_to_read(
    wanted: t.Sequence[WantedRoute], kernel: Routes, policy: Policy, protocol: int
) -> t.Set[route.Table]:
    """Return the tables of which the routes of others are needed, too.

    O(kernel) holds the routes with our number so far.
    """
    owners = Owners(kernel.links, policy.owner, protocol)
    expanded = expand(wanted, kernel, owners, policy)
    tables = route.tables_to_read(expanded.wanted, kernel, policy, protocol)
    # Somebody else's route for the same destination decides where a guard is, and whether.
    tables |= {
        (one.route.identity.version, one.route.identity.table)
        for one in wanted
        if one.present and one.guard
    }
    for version in (4, 6):
        present = _through_devices(one for one in wanted if one.route.identity.version == version)
        if may_loop((one.identity.dst for one in present), kernel.links.values()):
            tables |= {
                (version, rule.table)
                for rule in kernel.rules
                if rule.version == version and rule.action == LOOKUP and rule.table not in NOT_READ
            }
    return tables


def plan_guarded(
    wanted: t.Sequence[WantedRoute], kernel: Routes, policy: Policy, protocol: int
) -> Plan[GuardedStep]:
    """Return what to change so that the kernel holds the wanted routes and their guards.

    :raises ConflictError: a route cannot be had, or would send a tunnel's packets into the tunnel.
    """
    owners = Owners(kernel.links, policy.owner, protocol)
    expanded = expand(wanted, kernel, owners, policy)
    needless = [WantedRoute(found.route, present=False) for found in expanded.needless]
    plan = route.plan_routes([*expanded.wanted, *needless], kernel, policy, protocol)
    after = _after(kernel, plan.changes)
    added, removed = plan_rules(
        {_target(one) for one in after if _needs_rules(one)},
        {_target(one.route) for one in wanted},
        kernel.rules,
        protocol,
        policy.purge,
    )
    rules = _rules_after(kernel.rules, (*added, *removed))
    _check_loops(expanded.wanted, after, rules, kernel)
    useless = {found.route for found in expanded.needless}
    changes = in_order(plan.changes, useless, added, removed, policy.owner)
    return Plan(changes, (*plan.warnings, *unknown_peers(wanted, kernel.links)))


def _after(kernel: Routes, changes: t.Sequence[Change[RouteStep]]) -> t.List[Route]:
    """Return the routes that will be there."""
    steps = [step for change in changes for step in change.steps]
    gone = {step.route for step in steps if isinstance(step, DeleteRoute)}
    added = [step.route for step in steps if isinstance(step, AddRoute)]
    replaced = {
        step.route.identity
        for step in steps
        if isinstance(step, AddRoute) and (step.mode == REPLACE or step.route.identity.version == 4)
    }
    kept = [
        found.route
        for found in kernel.routes
        if found.route not in gone and found.route.identity not in replaced
    ]
    return [*kept, *added]


def _target(one: Route) -> Target:
    return (one.identity.version, one.identity.dst)


def _needs_rules(one: Route) -> bool:
    return one.identity.table == GUARD_TABLE and one.type != THROW


def _rules_after(found: t.Sequence[Rule], changes: t.Sequence[Change[RuleStep]]) -> t.List[Rule]:
    steps = [step for change in changes for step in change.steps]
    gone = [step.rule for step in steps if isinstance(step, DeleteRule)]
    added = [step.rule for step in steps if isinstance(step, AddRule)]
    return [*(rule for rule in found if rule not in gone), *added]


def _check_loops(
    wanted: t.Sequence[WantedRoute],
    after: t.Sequence[Route],
    rules: t.Sequence[Rule],
    kernel: Routes,
) -> None:
    present = _through_devices(wanted)
    if may_loop((one.identity.dst for one in present), kernel.links.values()):
        names = {_way(one): one.object for one in present}
        check_loops(names, Lookup(rules, [_way(one) for one in after]), kernel.links)


def _through_devices(wanted: t.Iterable[WantedRoute]) -> t.List[Route]:
    return [one.route for one in wanted if one.present and one.route.devices]


def _way(one: Route) -> Way:
    version, table, dst, _tos, metric = one.identity
    return Way(version, table, dst, metric, one.type, one.devices)
