# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The numbers by which guards are known again: their table, rules and metrics (pure).

A guard's metric depends on its owner, so that two owners can guard one destination.
"""

from __future__ import annotations

import typing as t
import zlib

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    MAIN,
    THROW,
    WantedRoute,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import Rule

GUARD_TABLE = 15700
"""The table of their own that guarded routes live in where the main table has a better one."""

RULE_FIRST = 32000
RULE_LAST = 32257
"""The rules' priorities: before that of the main table (32766), two for each prefix length."""

METRIC_FIRST = 0xFF000000
"""The first metric of guards; the lower 24 bits name the owner."""

BITS = {4: 32, 6: 128}


def guard_metric(owner: str) -> int:
    """Return the metric of this owner's guards, 4278190080 to 4294967294.

    It is the last a lookup comes to: 4294967295 is the kernel's own null route of IPv6.
    """
    return METRIC_FIRST + zlib.crc32(owner.encode()) % 0xFFFFFF


def is_guard_metric(metric: int) -> bool:
    """Whether a metric is one of those that guards have."""
    return metric >= METRIC_FIRST


def check_guards(wanted: t.Iterable[WantedRoute]) -> None:
    """Check that the wanted routes and their guards can be told apart.

    :raises InputError: they cannot.
    """
    for one in wanted:
        _check_guard(one)


def _check_guard(one: WantedRoute) -> None:
    what, identity = one.route.object, one.route.identity
    asked = [name for name in ("guard", "underlay_exception") if getattr(one, name)]
    if one.present and asked and identity.tos:
        raise InputError(
            f"{what}: tos {identity.tos}: {' and '.join(asked)} cannot be had for packets of one"
            " tos alone; leave tos out, or make a second route without it"
        )
    if asked and is_guard_metric(identity.metric):
        raise InputError(
            f"{what}: metrics from {METRIC_FIRST} on are those of guards: expected 0 to"
            f" {METRIC_FIRST - 1}, so that the guard comes behind the route"
        )
    if identity.table == GUARD_TABLE and one.route.type != THROW:
        raise InputError(
            f"{what}: table {GUARD_TABLE} is that of guards (guard: true): give the table main,"
            " and the guard finds its place; only routes of type throw can be added"
        )


def prefix_length(dst: str) -> int:
    """Return the length of a network's prefix."""
    return int(dst.rpartition("/")[2])


def is_default(dst: str) -> bool:
    """Whether it is a default route's destination."""
    return prefix_length(dst) == 0


def rules_of(version: int, dst: str, protocol: int) -> t.Tuple[Rule, Rule]:
    """Return the two rules that lead a destination to the guard's table.

    The first takes what the main table holds that is more specific: the host's own networks, and
    routes through other devices. Longer prefixes come first, as within a table.
    """
    length = prefix_length(dst)
    priority = RULE_FIRST + 2 * (BITS[version] - length)
    to = dst if length else ""
    return (
        Rule(version, priority, MAIN, to, suppress=length, protocol=protocol),
        Rule(version, priority + 1, GUARD_TABLE, to, protocol=protocol),
    )


def is_guard_rule(rule: Rule, protocol: int) -> bool:
    """Whether a rule is one of those that M(rules_of) gives, for some destination."""
    return (
        rule.protocol == protocol
        and RULE_FIRST <= rule.priority <= RULE_LAST
        and rule.table in (MAIN, GUARD_TABLE)
        and not rule.src
        and not rule.narrow
    )
