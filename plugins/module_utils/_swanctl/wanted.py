# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An object that the user wants to have in a file of its own (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import file_header
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    ObjectKind,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.render import render
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


@dataclass(frozen=True)
class ConfigObject:
    """An object of swanctl.conf: one section of its kind's group.

    Where O(present) is false only the name of O(section) counts.
    """

    kind: ObjectKind
    name: str
    section: Section
    present: bool = True

    @property
    def object(self) -> str:
        """How messages name it."""
        return f"{self.kind.title} {self.name}"

    @cached_property
    def root(self) -> Section:
        """The whole content of its file."""
        group = Section(self.kind.group, {}, {self.section.name: self.section})
        return Section("", {}, {group.name: group})

    def text(self, owner: str) -> str:
        """Return its file as text, marked with the owner."""
        return file_header(owner) + render(self.root)


def check_name(title: str, name: str) -> str:
    """Return a name that can stand as that of a section and of a file.

    V(include) begins another statement in swanctl's syntax.

    :raises InputError: it cannot.
    """
    if not _NAME.match(name) or name == "include":
        raise InputError(
            f"{title} '{name}': expected a name of 1 to 64 letters, digits, '_' or '-'"
            " (and not 'include'); choose another name"
        )
    return name
