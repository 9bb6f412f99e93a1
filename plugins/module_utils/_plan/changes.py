# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan is made of: one change per object, with its actions, reasons and steps."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

State = t.Mapping[str, t.Any]
"""An object as a user reads it: option names and their values, without secrets."""

Step = t.TypeVar("Step")


@dataclass(frozen=True)
class Action:
    """One thing that is done to an object, and why."""

    action: str
    reason: str


@dataclass(frozen=True)
class Change(t.Generic[Step]):
    """All that is done to one object.

    O(before) and O(after) are None where the object is absent. O(steps) is for the room
    that applies the plan, in the order in which they must run.
    """

    object: str
    actions: t.Tuple[Action, ...]
    before: t.Optional[State]
    after: t.Optional[State]
    steps: t.Tuple[Step, ...] = ()


@dataclass(frozen=True)
class Plan(t.Generic[Step]):
    """The changes of a run, in the order in which they are applied."""

    changes: t.Tuple[Change[Step], ...] = ()
    warnings: t.Tuple[str, ...] = ()


def differences(before: State, after: State) -> t.List[str]:
    """Say in words what differs, for an action's reason."""
    return [
        f"{name} is {show(before.get(name))}, wanted {show(after.get(name))}"
        for name in {**after, **before}
        if before.get(name) != after.get(name)
    ]


def show(value: t.Any) -> str:
    """Render a value of a state as a user would write it."""
    if value is None or value == "":
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(show(item) for item in value) or "empty"
    return str(value)


def _text(state: t.Optional[State]) -> str:
    if state is None:
        return ""
    return "".join(f"{name}: {show(value)}\n" for name, value in state.items())


def actions_result(changes: t.Iterable[Change[t.Any]]) -> t.List[t.Dict[str, str]]:
    """Return the module result RV(actions)."""
    return [
        {"object": change.object, "action": action.action, "reason": action.reason}
        for change in changes
        for action in change.actions
    ]


def diff_result(changes: t.Iterable[Change[t.Any]]) -> t.List[t.Dict[str, str]]:
    """Return the module result RV(diff): changed objects only."""
    return [
        {
            "before_header": f"{change.object} (before)",
            "before": _text(change.before),
            "after_header": f"{change.object} (after)",
            "after": _text(change.after),
        }
        for change in changes
    ]
