# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keywords of swanctl.conf that the modules know: one row each (pure).

Names and meanings are those of swanctl.conf(5). A row here is an option of M(strongswan_conn),
checked, rendered, compared and loaded; its documentation is in the doc fragment.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import values
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import (
    Section,
    flatten,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import Kind

SEPARATOR = ", "


@dataclass(frozen=True)
class Key:
    """A keyword: its name, the kind of its value and, for a number, its range."""

    name: str
    kind: Kind
    choices: t.Tuple[t.Any, ...] = ()
    minimum: int = 0
    maximum: int = values.U32_MAX
    default: t.Any = None


CONNECTION: t.Tuple[Key, ...] = (
    Key("version", values.NUMBER, choices=(0, 1, 2), default=2),
    Key("local_addrs", values.ENDPOINTS),
    Key("remote_addrs", values.ENDPOINTS),
    Key("local_port", values.NUMBER, minimum=1, maximum=65535),
    Key("remote_port", values.NUMBER, minimum=1, maximum=65535),
    Key("proposals", values.PROPOSALS),
    Key("vips", values.VIRTUAL_IPS),
    Key("pools", values.TEXTS),
    Key("mobike", values.SWITCH),
    Key("encap", values.SWITCH),
    Key("fragmentation", values.WORD, choices=("yes", "accept", "force", "no")),
    Key("dpd_delay", values.TIME),
    Key("dpd_timeout", values.TIME),
    Key("rekey_time", values.TIME),
    Key("reauth_time", values.TIME),
    Key("over_time", values.TIME),
    Key("keyingtries", values.NUMBER),
    Key("unique", values.WORD, choices=("never", "no", "replace", "keep")),
    Key("if_id_in", values.IF_ID),
    Key("if_id_out", values.IF_ID),
)

LOCAL: t.Tuple[Key, ...] = (
    Key("round", values.NUMBER),
    Key("auth", values.AUTH),
    Key("id", values.IDENTITY),
    Key("certs", values.FILES),
    Key("eap_id", values.IDENTITY),
    Key("aaa_id", values.IDENTITY),
)

REMOTE: t.Tuple[Key, ...] = (
    Key("round", values.NUMBER),
    Key("auth", values.AUTH),
    Key("id", values.IDENTITY),
    Key("certs", values.FILES),
    Key("cacerts", values.FILES),
    Key("eap_id", values.IDENTITY),
    Key("groups", values.TEXTS),
    Key("revocation", values.WORD, choices=("strict", "ifuri", "relaxed")),
)

MODES = ("tunnel", "transport", "transport_proxy", "beet", "pass", "drop")

CHILD: t.Tuple[Key, ...] = (
    Key("local_ts", values.SELECTORS),
    Key("remote_ts", values.SELECTORS),
    Key("mode", values.WORD, choices=MODES),
    Key("esp_proposals", values.PROPOSALS),
    Key("mark_in", values.MARK),
    Key("mark_out", values.MARK),
    Key("set_mark_in", values.SET_MARK),
    Key("set_mark_out", values.SET_MARK),
    Key("if_id_in", values.IF_ID),
    Key("if_id_out", values.IF_ID),
    Key("rekey_time", values.TIME),
    Key("life_time", values.TIME),
    Key("rekey_bytes", values.SIZE),
    Key("life_bytes", values.SIZE),
    Key("start_action", values.WORD, choices=("none", "trap", "start", "trap|start")),
    Key("close_action", values.WORD, choices=("none", "trap", "start")),
    Key("dpd_action", values.WORD, choices=("clear", "trap", "restart")),
    Key("inactivity", values.TIME),
    Key("updown", values.TEXT),
    Key("hostaccess", values.SWITCH),
    Key("policies", values.SWITCH),
    Key("replay_window", values.NUMBER),
    Key("copy_df", values.SWITCH),
)


def _by_name(keys: t.Sequence[Key]) -> t.Dict[str, Key]:
    return {key.name: key for key in keys}


_TABLES = {
    "connection": _by_name(CONNECTION),
    "local": _by_name(LOCAL),
    "remote": _by_name(REMOTE),
    "child": _by_name(CHILD),
}
_LISTS = {"groups", "cert_policy", "ah_proposals"}  # swanctl sends these as lists as well
_FILES = {"pubkeys"}


def table_of(path: t.Sequence[str]) -> t.Mapping[str, Key]:
    """Return the keywords of the section at this path, the group's name first.

    As swanctl does it, C(local) and C(remote) with any suffix are rounds.
    """
    if not path or path[0] != "connections":
        return {}
    if len(path) == 2:
        return _TABLES["connection"]
    if len(path) == 3:
        for side in ("local", "remote"):
            if path[2].startswith(side):
                return _TABLES[side]
    if len(path) == 4 and path[2] == "children":
        return _TABLES["child"]
    return {}


def split(value: str) -> t.List[str]:
    """Return the items of a list as swanctl takes them: at commas, white space around cut off."""
    return [item.strip() for item in value.split(",") if item.strip()]


def is_list(name: str, key: t.Optional[Key]) -> bool:
    """Return whether swanctl sends this setting as a list."""
    return key.kind.many if key else name in _LISTS or name in _FILES


def is_files(name: str, key: t.Optional[Key]) -> bool:
    """Return whether swanctl sends the content of the files that this setting names."""
    return key.kind.files if key else name in _FILES


def meanings(root: Section) -> t.Dict[str, t.Any]:
    """Return what the settings of a file mean, by dotted path: V(1h) and V(3600) mean the same."""
    return {path: _meaning(path.split("."), text) for path, text in flatten(root).items()}


def _meaning(path: t.Sequence[str], text: str) -> t.Any:
    key = table_of(path[:-1]).get(path[-1])
    if key is None:
        return text
    try:
        if key.kind.many:
            return [key.kind.parse(item) for item in split(text)]
        return key.kind.parse(text)
    except ValueError:
        return text
