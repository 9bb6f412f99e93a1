# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply the changes of a plan for routes and their guards, in its order."""

from __future__ import annotations

import itertools
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.route import apply_changes
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.rule import apply_rules
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import Session
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guard_order import (
    GuardedChange,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.rule import (
    AddRule,
    DeleteRule,
)


def apply_guarded(
    session: Session,
    changes: t.Sequence[GuardedChange],
    done: t.Callable[[Change[t.Any]], None],
) -> None:
    """Apply changes; call O(done) after each.

    :raises KernelError: the kernel refused one; none of those that come later is applied.
    """
    for rules, group in itertools.groupby(changes, key=_is_of_rule):
        some: t.List[Change[t.Any]] = list(group)
        (apply_rules if rules else apply_changes)(session, some, done)


def _is_of_rule(change: GuardedChange) -> bool:
    return isinstance(change.steps[-1], (AddRule, DeleteRule))
