# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan connections (pure): files and charon, and the names of children, which must be unique."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    FileStep,
    Found,
    dropped,
    plan_files,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.daemon_version import (
    check_daemon_version,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lint_connection import (
    lint_connections,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    CONNECTION,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject


def plan_connections(
    wanted: t.Sequence[ConfigObject], found: Found, policy: Policy, directory: str
) -> Plan[FileStep]:
    """Return what to change so that files and charon hold the wanted connections.

    :raises ConflictError: a name is taken in another file, a file belongs to somebody else, or
        charon is too old for something.
    """
    check_daemon_version([one for one in wanted if one.present], found.version)
    plan = plan_files(CONNECTION, wanted, found, policy, directory)
    rewritten = {CONNECTION.path(directory, one.name) for one in wanted}
    rewritten |= dropped(plan)
    _check_children(wanted, found, rewritten)
    warnings = lint_connections(wanted, found, rewritten)
    return replace(plan, warnings=(*plan.warnings, *warnings))


def _check_children(wanted: t.Sequence[ConfigObject], found: Found, rewritten: t.Set[str]) -> None:
    """Refuse a child whose name another connection's child has: updown scripts see no more.

    :raises ConflictError: there is one in a file that stays as it is.
    """
    holders = {
        child: (path, section.line, name)
        for path, file in found.files.items()
        if path not in rewritten
        for name, connection in file.root.children(CONNECTION.group).items()
        for child, section in connection.children("children").items()
    }
    for one in wanted:
        for child in one.section.children("children"):
            if child in holders:
                path, line, name = holders[child]
                raise ConflictError(
                    f"{one.object}: its child '{child}' has the name of a child of connection"
                    f" {name} (file {path}, line {line}): an updown script sees only the child's"
                    " name; choose another one"
                )
