# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of ipsec.conf and ipsec.secrets, as they were read (pure)."""

from __future__ import annotations

import posixpath
import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.parse import (
    SyntaxFault,
    parse,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.sections import (
    Located,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import owner_of_file

CONF, SECRETS = ".conf", ".secrets"


@dataclass(frozen=True)
class TextFile:
    """A file."""

    path: str
    text: str
    mode: int

    @property
    def owner(self) -> t.Optional[str]:
        """The owner that its first line names; None if it is not ours."""
        return owner_of_file(self.text)

    def located(self) -> t.List[Located]:
        """Return its statements, with its path; none if it cannot be parsed."""
        try:
            return [(self.path, one) for one in parse(self.text)]
        except SyntaxFault:
            return []


@dataclass(frozen=True)
class Place:
    """Where the files are: ipsec.conf, ipsec.secrets, and the directory of ours."""

    config: str
    secrets: str
    directory: str

    def conf_file(self, name: str) -> str:
        """Return the file of a connection."""
        return f"{self.directory}/{name}{CONF}"

    def secrets_file(self, name: str) -> str:
        """Return the file of a connection's secrets."""
        return f"{self.directory}/{name}{SECRETS}"

    def pattern(self, suffix: str) -> str:
        """Return what ipsec.conf or ipsec.secrets must include."""
        return f"{self.directory}/*{suffix}"

    @property
    def unfinished(self) -> str:
        """A file that is there while a run writes files and loads them."""
        return f"{self.directory}/.unfinished"


def name_of(path: str) -> str:
    """Return the name of the connection whose file this is."""
    return posixpath.splitext(posixpath.basename(path))[0]


@dataclass(frozen=True)
class IpsecFiles:
    """What the host holds.

    O(own) are the files in our directory, whoever wrote them. O(foreign) are the statements of
    all other files, in their order, and O(faults) what is wrong with these. O(unfinished) is the
    mark that an interrupted run left.
    """

    config: t.Optional[TextFile] = None
    secrets: t.Optional[TextFile] = None
    own: t.Mapping[str, TextFile] = field(default_factory=dict)
    foreign: t.Tuple[Located, ...] = ()
    faults: t.Tuple[str, ...] = ()
    unfinished: t.Optional[TextFile] = None
