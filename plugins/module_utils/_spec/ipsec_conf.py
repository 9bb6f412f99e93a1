# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a connection of ipsec.conf: the rows of the table of keywords, and our own."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf import keywords
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.secrets import TYPES
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import (
    COMMON,
    STATE,
    Field,
)

LIST = "connections"

_SECRET: t.Tuple[Field, ...] = (
    Field("type", choices=TYPES),
    Field("ids", type="list", elements="str"),
    Field("secret", no_log=True),
    Field("file"),
)


def _field(keyword: keywords.Keyword) -> Field:
    return Field(
        keyword.name,
        type="list" if keyword.kind.many else keyword.kind.type,
        elements="str" if keyword.kind.many else None,
        choices=keyword.choices or None,
        no_log=False if "key" in keyword.name else None,  # rekeyfuzz is no secret
    )


FIELDS: t.Tuple[Field, ...] = (
    Field("name", identity=True),
    Field("also", type="list", elements="str"),
    *(_field(keyword) for keyword in keywords.CONN if keyword.option),
    Field("settings", type="dict"),
    Field("secrets", type="list", elements="dict", no_log=False, fields=_SECRET),
    STATE,
)

CALL: t.Tuple[Field, ...] = (
    *COMMON,
    Field("directory", type="path", default="/etc/ipsec.d/ipsec.strongswan"),
    Field("config_file", type="path", default="/etc/ipsec.conf"),
    Field("secrets_file", type="path", default="/etc/ipsec.secrets", no_log=False),
    Field("command", default="ipsec"),
    Field("timeout", type="int", default=30),
)
