# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of an authority: the rows of swanctl's table of keywords."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.connection import (
    VICI,
    field_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import STATE, Field
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import pool_keywords

LIST = "authorities"

FIELDS: t.Tuple[Field, ...] = (
    Field("name", identity=True),
    *(field_of(key) for key in pool_keywords.AUTHORITY),
    STATE,
)

CALL = VICI
