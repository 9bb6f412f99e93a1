# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files from which an owner's objects can be made again (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import file_header

FOLDER = "/etc/ipsec.strongswan"
TUNNELS, GUARDS, ROUTES = "tunnels", "guards", "routes"

Blocks = t.Dict[str, t.Tuple[str, ...]]
"""The lines of each object, by its name."""

_HEADING = "# "


@dataclass(frozen=True)
class StoredFile:
    """A file as it is on the host; O(text) is None where there is none."""

    path: str
    text: t.Optional[str] = None


def path_of(owner: str, kind: str) -> str:
    """Return the path of an owner's file of a kind."""
    return f"{FOLDER}/{owner}.{kind}"


def write_blocks(owner: str, replay: t.Sequence[str], blocks: Blocks) -> str:
    """Return the text of a file; O(replay) are the commands that make its objects again."""
    lines = [file_header(owner), "# Replay:\n", *(f"#   {command}\n" for command in replay)]
    for name, block in blocks.items():
        lines.append(f"\n{_HEADING}{name}\n")
        lines += [f"{line}\n" for line in block]
    return "".join(lines)


def read_blocks(text: t.Optional[str]) -> Blocks:
    """Return the blocks of a file: a heading after an empty line, and what follows it."""
    blocks: Blocks = {}
    for part in (text or "").split("\n\n")[1:]:
        heading, *lines = part.strip("\n").split("\n")
        if heading.startswith(_HEADING):
            blocks[heading[len(_HEADING) :]] = tuple(lines)
    return blocks


def refuse_namespace(option: str, netns: str) -> None:
    """Refuse to persist what is in a named namespace.

    :raises InputError: it is.
    """
    if netns:
        raise InputError(
            f"persist with {option} '{netns}': a network namespace does not survive a restart by"
            " itself, and what is in it cannot be made before it; leave persist out, and make"
            " the namespace and its devices by a unit of your own"
        )
