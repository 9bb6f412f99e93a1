# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan files (pure): which to write, which to remove, and why."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.file import WantedFile
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    Plan,
    State,
)


@dataclass(frozen=True)
class FoundFile:
    """What is at a path: O(kind) is C(file), C(directory) or what else it is called."""

    kind: str
    text: str = ""
    mode: int = 0
    owner: str = ""


def plan_files(
    wanted: t.Sequence[WantedFile], found: t.Mapping[str, FoundFile], owner: str
) -> Plan[WantedFile]:
    """Return what to change so that the files are as wanted, and O(owner)'s.

    :raises ConflictError: there is a directory at a path.
    """
    for one in wanted:
        there = found.get(one.path)
        if there is not None and there.kind == "directory":
            raise ConflictError(
                f"{one.object}: there is a directory at this path; remove it, or choose another"
                " path for the file"
            )
    changes = (_change(one, found.get(one.path), owner) for one in wanted)
    return Plan(tuple(change for change in changes if change is not None))


def _change(
    wanted: WantedFile, there: t.Optional[FoundFile], owner: str
) -> t.Optional[Change[WantedFile]]:
    before = None if there is None else _state(there.text, there.mode, there.owner)
    if not wanted.present:
        if there is None:
            return None
        action = Action("remove", "state is absent")
        return Change(wanted.object, (action,), before, None, (wanted,))
    if there is None:
        action = Action("create", "it does not exist")
    else:
        reason = _difference(wanted, there, owner)
        if not reason:
            return None
        action = Action("change", reason)
    after = _state(wanted.text, wanted.mode, owner)
    return Change(wanted.object, (action,), before, after, (wanted,))


def _difference(wanted: WantedFile, there: FoundFile, owner: str) -> str:
    if there.kind != "file":
        return f"it is a {there.kind}, wanted a file"
    reasons = []
    if there.text != wanted.text:
        reasons.append("the content differs")
    if there.mode != wanted.mode:
        reasons.append(f"mode is {there.mode:04o}, wanted {wanted.mode:04o}")
    if there.owner != owner:
        reasons.append(f"owner and group are {there.owner}, wanted {owner}")
    return ", ".join(reasons)


def _state(text: str, mode: int, owner: str) -> State:
    return {"mode": f"{mode:04o}", "owner and group": owner, "content": f"\n{text}"}
