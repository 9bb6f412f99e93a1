# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a route."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import (
    COMMON,
    PERSIST,
    STATE,
    Field,
)

LIST = "routes"

ENCAP = Field("encap", type="dict", fields=(Field("if_id", required=True), Field("dev")))

NEXTHOPS = Field(
    "nexthops",
    type="list",
    elements="dict",
    fields=(
        Field("dev"),
        Field("gateway"),
        Field("weight", type="int"),
        Field("onlink", type="bool"),
        ENCAP,
    ),
)

FIELDS: t.Tuple[Field, ...] = (
    Field("dst", identity=True),
    Field(
        "type",
        default="unicast",
        choices=("unicast", "blackhole", "unreachable", "prohibit", "throw"),
    ),
    Field("dev"),
    Field("gateway"),
    Field("onlink", type="bool"),
    ENCAP,
    NEXTHOPS,
    Field("table", default="main"),
    Field("metric", type="int"),
    Field("tos"),
    Field("src"),
    Field("scope", choices=("global", "link", "host")),
    Field("mtu", type="int"),
    Field("advmss", type="int"),
    Field("guard", type="bool", default=False),
    Field("underlay_exception", type="bool", default=False),
    STATE,
)

CALL: t.Tuple[Field, ...] = (
    *COMMON,
    PERSIST,
    Field("protocol", type="int", default=157),
    Field("netns"),
)
