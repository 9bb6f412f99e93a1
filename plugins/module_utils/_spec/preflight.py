# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the look for what stands in the way."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import Field

FIELDS: t.Tuple[Field, ...] = (
    *(
        Field(name, type="list", elements="dict", default=[], no_log=False)
        for name in ("tunnels", "routes", "connections", "ipsec_conf_connections")
    ),
    Field("networks", type="list", elements="str"),
    Field("install_routes", type="bool", default=False),
    Field("service", default="strongswan.service"),
    Field("packages", type="list", elements="str", default=[]),
    Field("owner", default="default"),
    Field("adopt", type="bool", default=False),
    Field("purge", type="bool", default=False),
    Field("tolerate", type="list", elements="str", default=[]),
    Field("directory", type="path", default="/etc/swanctl/conf.d"),
)
