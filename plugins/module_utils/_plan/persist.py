# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan the files from which an owner's objects can be made again (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.persist import (
    Blocks,
    StoredFile,
    read_blocks,
    write_blocks,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import owner_of_file
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Action, Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy


@dataclass(frozen=True)
class StoreFile:
    """Write a file, or remove it where O(text) is None."""

    path: str
    text: t.Optional[str]


FileChange = Change[StoreFile]


def check_ours(stored: StoredFile, policy: Policy) -> None:
    """Accept that a file is read and written.

    :raises ConflictError: it is not this owner's, and O(adopt) is false.
    """
    if stored.text is None or policy.adopt or owner_of_file(stored.text) == policy.owner:
        return
    raise ConflictError(
        f"file {stored.path}: its first line does not say that it is owner '{policy.owner}' of this"
        " collection who keeps it: move it away, or let it be overwritten with adopt: true"
    )


def plan_file(
    stored: StoredFile, blocks: Blocks, replay: t.Sequence[str], policy: Policy
) -> t.Tuple[FileChange, ...]:
    """Return what to change so that a file holds these blocks; without any there is no file."""
    text = write_blocks(policy.owner, [one.format(stored.path) for one in replay], blocks)
    wanted = text if blocks else None
    if stored.text == wanted:
        return ()
    before = read_blocks(stored.text)
    action = "change"
    if stored.text is None:
        action = "create"
    elif wanted is None:
        action = "remove"
    return (
        Change(
            f"file {stored.path}",
            (Action(action, _reason(before, blocks)),),
            None if stored.text is None else before,
            None if wanted is None else blocks,
            (StoreFile(stored.path, wanted),),
        ),
    )


def _reason(before: Blocks, after: Blocks) -> str:
    parts = (
        ("new", [name for name in after if name not in before]),
        ("different", [name for name in after if name in before and after[name] != before[name]]),
        ("gone", [name for name in before if name not in after]),
    )
    said = [f"{what}: {', '.join(names)}" for what, names in parts if names]
    return "; ".join(said) or "its header differs, or the order of what it holds"
