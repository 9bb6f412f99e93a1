# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply the changes of a plan for rules, one by one: there are two for a guard at most."""

from __future__ import annotations

import errno
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import (
    Session,
    refusal,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import rule as wire
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.rule import (
    AddRule,
    RuleChange,
    RuleStep,
)


def apply_rules(
    session: Session, changes: t.Iterable[RuleChange], done: t.Callable[[Change[t.Any]], None]
) -> None:
    """Apply changes; call O(done) after each.

    :raises KernelError: the kernel refused one.
    """
    for change in changes:
        for step in change.steps:
            _apply(session, step)
        done(change)


def _apply(session: Session, step: RuleStep) -> None:
    adds = isinstance(step, AddRule)
    message = wire.add(step.rule) if adds else wire.delete(step.rule)
    for position, code in session.netlink.batch([message]).items():
        # Somebody else was as quick: it is as wanted.
        if code != (errno.EEXIST if adds else errno.ENOENT):
            said = session.netlink.said.get(position, "")
            raise refusal(f"{step.rule.object}: {'add' if adds else 'remove'}", code, said)
