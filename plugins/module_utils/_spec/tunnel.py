# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a tunnel device."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import (
    COMMON,
    PERSIST,
    STATE,
    Field,
)

LIST = "tunnels"

FIELDS: t.Tuple[Field, ...] = (
    Field("name", identity=True),
    Field("kind", choices=("vti", "vti6", "xfrm")),
    Field("local"),
    Field("remote"),
    Field("key", no_log=False),
    Field("ikey", no_log=False),
    Field("okey", no_log=False),
    Field("fwmark"),
    Field("if_id"),
    Field("external", type="bool"),
    Field("dev"),
    Field("mtu", type="int"),
    Field("addresses", type="list", elements="str"),
    Field("addresses_exclusive", type="bool", default=True),
    Field("disable_policy", type="bool"),
    Field("forwarding", type="bool"),
    Field("rp_filter", type="int", choices=(0, 1, 2)),
    Field("master"),
    Field("group", type="int"),
    Field("description"),
    Field("target_netns"),
    Field("up", type="bool", default=True),
    STATE,
)

CALL: t.Tuple[Field, ...] = (
    *COMMON,
    PERSIST,
    Field("recreate", default="when_needed", choices=("when_needed", "never")),
    Field("netns"),
)
