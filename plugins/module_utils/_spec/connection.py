# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a connection: the rows of swanctl's table of keywords, and our own."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import (
    COMMON,
    STATE,
    Field,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import keys

LIST = "connections"

PLACES: t.Tuple[Field, ...] = (
    Field("directory", type="path", default="/etc/swanctl/conf.d"),
    Field("socket", type="path", default="/run/charon.vici"),
    Field("timeout", type="int", default=30),
)
"""Where swanctl's files and charon are."""

VICI: t.Tuple[Field, ...] = (*COMMON, *PLACES)
"""Options of the whole call of every module that writes for swanctl and talks to charon."""


def field_of(key: keys.Key) -> Field:
    """Return the option that sets a keyword."""
    return Field(
        key.name,
        type="list" if key.kind.many else key.kind.type,
        elements="str" if key.kind.many else None,
        choices=key.choices or None,
        default=key.default,
        no_log=False if "key" in key.name else None,  # a rekey_time is no secret
    )


SETTINGS = Field("settings", type="dict")
"""The keywords of a section that are no options."""


def _section(name: str, table: t.Sequence[keys.Key], *own: Field) -> Field:
    fields = (*own, *(field_of(key) for key in table), SETTINGS)
    return Field(name, type="list", elements="dict", fields=fields)


FIELDS: t.Tuple[Field, ...] = (
    Field("name", identity=True),
    *(field_of(key) for key in keys.CONNECTION),
    SETTINGS,
    _section("local", keys.LOCAL),
    _section("remote", keys.REMOTE),
    _section("children", keys.CHILD, Field("name", required=True)),
    STATE,
)

CALL: t.Tuple[Field, ...] = (
    *VICI,
    Field("allow_disruption", default="ike", choices=("none", "child", "ike")),
)
