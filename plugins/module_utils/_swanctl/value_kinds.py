# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of values in swanctl.conf: how each is checked, compared and given (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import (
    hosts,
    values,
    words,
)


@dataclass(frozen=True)
class Kind:
    """A kind of value: how it is checked and compared, and the type of the module's option.

    O(many) is a list, which swanctl splits at commas. O(files) are names of files whose content
    goes to charon.
    """

    parse: t.Callable[[str], t.Any]
    type: str = "str"
    many: bool = False
    files: bool = False


TEXT = Kind(values.parse_text)
IDENTITY = Kind(values.parse_identity)
NUMBER = Kind(values.parse_number, type="int")
SWITCH = Kind(values.parse_switch, type="bool")
WORD = Kind(str.lower)
ACTION = Kind(words.parse_action)
OFFLOAD = Kind(words.parse_offload)
PER_CPU = Kind(words.parse_per_cpu)
DSCP = Kind(words.parse_dscp)
PADDING = Kind(words.parse_padding)
COUNT = Kind(values.parse_count)
TIME = Kind(values.parse_time)
SIZE = Kind(values.parse_size)
MARK = Kind(values.parse_mark)
SET_MARK = Kind(values.parse_set_mark)
IF_ID = Kind(values.parse_if_id)
AUTH = Kind(values.parse_auth)
ENDPOINTS = Kind(hosts.parse_endpoint, many=True)
VIRTUAL_IPS = Kind(hosts.parse_virtual_ip, many=True)
SELECTORS = Kind(hosts.parse_selector, many=True)
PROPOSALS = Kind(values.parse_proposal, many=True)
TEXTS = Kind(values.parse_text, many=True)
FILES = Kind(values.parse_file, many=True, files=True)
