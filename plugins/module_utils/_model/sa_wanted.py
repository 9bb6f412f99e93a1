# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An SA as the user wants it: up, down or established anew (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import check_name


@dataclass(frozen=True)
class WantedSa:
    """The SA of one child of a connection, or, without O(child), of all its children."""

    connection: str
    child: str
    state: str
    force: bool = False

    @property
    def object(self) -> str:
        """How messages name it."""
        child = f", child {self.child}" if self.child else ""
        return f"SA of connection {self.connection}{child}"


def parse_sa(entry: t.Mapping[str, t.Any]) -> WantedSa:
    """Return the SA that an entry wants.

    :raises InputError: a name is wrong, or O(force) goes with another state.
    """
    connection = check_name("connection", entry["connection"])
    child = entry.get("child") or ""
    if child:
        check_name(f"connection {connection}: child", child)
    wanted = WantedSa(connection, child, entry["state"], bool(entry.get("force")))
    if wanted.force and wanted.state != "reestablished":
        raise InputError(
            f"{wanted.object}: force goes with state reestablished, and state is {wanted.state};"
            " drop one"
        )
    return wanted


def check_sas(wanted: t.Sequence[WantedSa]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: an SA is meant twice.
    """
    seen: t.Dict[str, t.Set[str]] = {}
    for one in wanted:
        children = seen.setdefault(one.connection, set())
        if one.child in children or (children and "" in children | {one.child}):
            raise InputError(f"{one.object}: the list means it twice; keep one entry")
        children.add(one.child)
