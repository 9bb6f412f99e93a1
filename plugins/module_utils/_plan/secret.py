# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan secrets (pure): files and charon, and a warning of weak ones."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.secret import weakness
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    FileStep,
    Found,
    plan_files,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import SECRET
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject


def plan_secrets(
    wanted: t.Sequence[ConfigObject], found: Found, policy: Policy, directory: str
) -> Plan[FileStep]:
    """Return what to change so that files and charon hold the wanted secrets.

    :raises ConflictError: a name is taken in another file, or a file belongs to somebody else.
    """
    plan = plan_files(SECRET, wanted, found, policy, directory)
    weak = tuple(warning for warning in map(weakness, wanted) if warning)
    return replace(plan, warnings=(*plan.warnings, *weak))
