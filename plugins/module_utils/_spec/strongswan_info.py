# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a report on charon."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.connection import PLACES
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import Field

FIELDS: t.Tuple[Field, ...] = (
    Field("gather_subset", type="list", elements="str", default=["all"]),
    Field("names", type="list", elements="str"),
    Field("owner"),
    Field("certificate_days", type="int", default=14),
    *PLACES,
)
