# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file that swanctl reads (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace
from functools import cached_property

from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import owner_of_file
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import (
    SyntaxFault,
    parse,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section


@dataclass(frozen=True)
class ConfigFile:
    """A file that swanctl reads; parsed when its content is first asked for, unless O(known).

    O(within) is the path of the section that includes it, if another file does so in a section.
    """

    path: str
    text: str
    mode: int
    known: t.Optional[Section] = None
    within: t.Tuple[str, ...] = ()

    def as_known(self, root: Section) -> ConfigFile:
        """Return the same file, of which it is known that this is its content."""
        return ConfigFile(self.path, self.text, self.mode, root, self.within)

    @property
    def owner(self) -> t.Optional[str]:
        """The owner that its first line names; None if it is not ours."""
        return owner_of_file(self.text)

    @cached_property
    def parsed(self) -> t.Union[Section, SyntaxFault]:
        """Its content, or why it cannot be read."""
        if self.known is not None:
            return self.known
        try:
            return parse(self.text, self.path)
        except SyntaxFault as fault:
            return fault

    @property
    def root(self) -> Section:
        """Its content, in the sections that it is included in; nothing if it cannot be read."""
        root = self.parsed if isinstance(self.parsed, Section) else Section()
        for name in reversed(self.within):
            root = Section("", {}, {name: replace(root, name=name)})
        return root
