# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a file."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import STATE, Field

LIST = "files"

FIELDS: t.Tuple[Field, ...] = (
    Field("path", type="path", identity=True),
    Field("content"),
    Field("mode", default="0644"),
    STATE,
)

CALL: t.Tuple[Field, ...] = ()
