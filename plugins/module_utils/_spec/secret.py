# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a secret, key or certificate."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.connection import VICI
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import STATE, Field
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.credential_types import (
    TYPES,
)

LIST = "secrets"

FIELDS: t.Tuple[Field, ...] = (
    Field("name", identity=True),
    Field("type", default="ike", choices=TYPES),
    Field("secret", no_log=True),
    Field("ids", type="list", elements="str"),
    Field("content", no_log=True),
    Field("src", type="path"),
    Field("allow_expired", type="bool", default=False),
    Field("warn_days", type="int", default=30),
    STATE,
)

CALL = VICI
