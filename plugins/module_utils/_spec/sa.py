# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of an SA that is brought up or down."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.connection import VICI
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import COMMON, Field

LIST = "sas"

FIELDS: t.Tuple[Field, ...] = (
    Field("connection", identity=True),
    Field("child"),
    Field("state", default="up", choices=("up", "down", "reestablished")),
    Field("force", type="bool", default=False),
)

CALL: t.Tuple[Field, ...] = tuple(field for field in VICI if field not in COMMON)
