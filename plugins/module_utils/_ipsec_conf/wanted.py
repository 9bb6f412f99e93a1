# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection of ipsec.conf that the user wants to have in files of its own (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.render import render
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.secrets import Secret
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.statement import (
    CONN,
    Opening,
    Setting,
    Statement,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import file_header


@dataclass(frozen=True)
class WantedConn:
    """A connection and its secrets. Without settings there are only secrets.

    O(settings) are in the order of the file. Where O(present) is false only the name counts.
    """

    name: str
    settings: t.Mapping[str, str]
    also: t.Tuple[str, ...] = ()
    secrets: t.Tuple[Secret, ...] = ()
    present: bool = True

    @property
    def object(self) -> str:
        """How messages name it."""
        return f"connection {self.name}"

    @property
    def has_section(self) -> bool:
        """Whether there is a section, and not secrets only."""
        return self.present and bool(self.settings or self.also)

    def statements(self) -> t.Tuple[Statement, ...]:
        """Return the statements of its file."""
        inherited = [Setting("also", name) for name in self.also]
        own = [Setting(name, value) for name, value in self.settings.items()]
        return (Opening(CONN, self.name), *inherited, *own)

    def conf_text(self, owner: str) -> str:
        """Return the file of its section, marked with the owner; empty if there is none."""
        return file_header(owner) + render(self.statements()) if self.has_section else ""

    def secrets_text(self, owner: str) -> str:
        """Return the file of its secrets, marked with the owner; empty if there is none."""
        lines = [f"{secret.line()}\n" for secret in self.secrets]
        return file_header(owner) + "".join(lines) if self.present and lines else ""
