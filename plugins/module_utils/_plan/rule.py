# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan the rules that lead to the guard's table (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.guard import (
    is_guard_rule,
    rules_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import Rule, rule_state
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Action, Change


@dataclass(frozen=True)
class AddRule:
    """Add a rule."""

    rule: Rule


@dataclass(frozen=True)
class DeleteRule:
    """Remove exactly this rule."""

    rule: Rule


RuleStep = t.Union[AddRule, DeleteRule]
RuleChange = Change[RuleStep]

Target = t.Tuple[int, str]
"""IP version and destination that a pair of rules is for."""


def plan_rules(
    needed: t.Collection[Target],
    concerned: t.Collection[Target],
    found: t.Sequence[Rule],
    protocol: int,
    purge: bool = False,
) -> t.Tuple[t.Tuple[RuleChange, ...], t.Tuple[RuleChange, ...]]:
    """Return what to add, and what to remove.

    O(needed) are the destinations that have a route in the guard's table. Of these and others
    only the O(concerned) are this run's; with O(purge) it removes all that are not needed.
    """
    # Another protocol number may stand for the same table: its rules serve as well as ours.
    there = {_place(rule) for rule in found}
    added = tuple(
        _add(rule)
        for version, dst in sorted(set(needed) & set(concerned))
        for rule in rules_of(version, dst, protocol)
        if _place(rule) not in there
    )
    removed = tuple(
        _remove(rule)
        for rule in reversed(found)  # the way to the guard's table before the way to main
        if is_guard_rule(rule, protocol)
        and target(rule) not in needed
        and (purge or target(rule) in concerned)
    )
    return added, removed


def target(rule: Rule) -> Target:
    """Return the destination that a rule of a guard is for."""
    return (rule.version, rule.dst or {4: "0.0.0.0/0", 6: "::/0"}[rule.version])


def _place(rule: Rule) -> t.Tuple[t.Any, ...]:
    return (
        rule.version,
        rule.priority,
        rule.table,
        rule.dst,
        rule.src,
        rule.suppress,
        rule.action,
        rule.mark,
        rule.mask,
        rule.narrow,
    )


def _add(rule: Rule) -> RuleChange:
    reason = "it leads to the guard's table"
    action = Action("create", reason)
    return Change(rule.object, (action,), None, rule_state(rule), (AddRule(rule),))


def _remove(rule: Rule) -> RuleChange:
    reason = "the guard's table holds no route for it"
    action = Action("remove", reason)
    return Change(rule.object, (action,), rule_state(rule), None, (DeleteRule(rule),))
