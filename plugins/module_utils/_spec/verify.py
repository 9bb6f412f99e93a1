# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the look at a host's health."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.connection import PLACES
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import Field

FIELDS: t.Tuple[Field, ...] = (
    *(
        Field(name, type="list", elements="dict", default=[], no_log=False)
        for name in ("tunnels", "routes", "connections")
    ),
    Field("pings", type="dict", default={}),
    Field("install_routes", type="bool", default=False),
    Field("certificate_days", type="int", default=14),
    Field("owner", default="default"),
    Field("purge", type="bool", default=False),
    Field("persist", type="bool", default=False),
    Field("swanctl", type="bool", default=True),
    *PLACES,
)
