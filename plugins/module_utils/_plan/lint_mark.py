# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warn of marks that lead traffic elsewhere than meant (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.child_mark import Child, Mark
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keys import split
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

Endpoints = t.Tuple[t.Tuple[str, ...], t.Tuple[str, ...]]
ANY = ("%any",)
SHOWN = 5


def lint_marks(wanted: t.Sequence[Child], others: t.Sequence[Child]) -> t.List[str]:
    """Warn of one mark on children whose connections have different endpoints.

    A VTI has one key and one pair of endpoints, so only one of the connections can use it.
    """
    holders: t.Dict[Mark, Child] = {}
    for child in others:
        for mark in child.marks:
            holders.setdefault(mark, child)
    warnings = []
    for child in wanted:
        for mark in sorted(child.marks):
            holder = holders.setdefault(mark, child)
            if holder.connection is child.connection:
                continue
            ends, other = _endpoints(child.connection), _endpoints(holder.connection)
            if other != ends:
                warnings.append(
                    f"{child.object}: mark {_show(mark)} is that of {holder.object}, too, whose"
                    f" endpoints are {_show_ends(other)}, and here they are {_show_ends(ends)}: a"
                    " VTI has one pair of endpoints; give each connection a mark of its own"
                )
    return warnings


def lint_install_routes(wanted: t.Sequence[Child], install_routes: t.Optional[bool]) -> t.List[str]:
    """Warn of charon's own routes beside marks."""
    names = list(dict.fromkeys(child.connection.name for child in wanted if child.marks))
    if not install_routes or not names:
        return []
    shown = ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
    warning = (
        f"install_routes is on, and connections have marks ({shown}): charon's routes in table 220"
        " lead packets past the tunnel device, in the clear; set install_routes = no in"
        " charon-systemd { } of strongswan.conf, and restart charon, which reads it only then"
    )
    return [warning]


def _endpoints(connection: Section) -> Endpoints:
    here, there = (
        tuple(sorted(split(connection.settings.get(name, "")))) or ANY
        for name in ("local_addrs", "remote_addrs")
    )
    return here, there


def _show(mark: Mark) -> str:
    value, mask = mark
    return str(value) if mask == 0xFFFFFFFF else f"{value}/{mask:#x}"


def _show_ends(ends: Endpoints) -> str:
    return " and ".join(", ".join(one) for one in ends)
