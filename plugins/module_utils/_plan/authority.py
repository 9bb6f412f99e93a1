# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan certification authorities (pure): files and charon."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    FileStep,
    Found,
    plan_files,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    AUTHORITY,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject


def plan_authorities(
    wanted: t.Sequence[ConfigObject], found: Found, policy: Policy, directory: str
) -> Plan[FileStep]:
    """Return what to change so that files and charon hold the wanted authorities.

    :raises ConflictError: a name is taken in another file, or a file belongs to somebody else.
    """
    return plan_files(AUTHORITY, wanted, found, policy, directory)
