# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a route."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import (
    COMMON,
    STATE,
    Field,
)

LIST = "routes"

FIELDS: t.Tuple[Field, ...] = (
    Field("dst", identity=True),
    Field("dev"),
    Field("table", default="main"),
    Field("metric", type="int"),
    Field("src"),
    STATE,
)

CALL: t.Tuple[Field, ...] = (
    *COMMON,
    Field("protocol", type="int", default=157),
    Field("netns"),
)
