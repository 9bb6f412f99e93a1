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

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import value_kinds as kinds
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import (
    Section,
    flatten,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.value_kinds import Kind
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import U32_MAX

SEPARATOR = ", "


@dataclass(frozen=True)
class Key:
    """A keyword: its name, the kind of its value and, for a number, its range."""

    name: str
    kind: Kind
    choices: t.Tuple[t.Any, ...] = ()
    minimum: int = 0
    maximum: int = U32_MAX
    default: t.Any = None


CONNECTION: t.Tuple[Key, ...] = (
    Key("version", kinds.NUMBER, choices=(0, 1, 2), default=2),
    Key("local_addrs", kinds.ENDPOINTS),
    Key("remote_addrs", kinds.ENDPOINTS),
    Key("local_port", kinds.NUMBER, minimum=1, maximum=65535),
    Key("remote_port", kinds.NUMBER, minimum=1, maximum=65535),
    Key("proposals", kinds.PROPOSALS),
    Key("vips", kinds.VIRTUAL_IPS),
    Key("pools", kinds.TEXTS),
    Key("mobike", kinds.SWITCH),
    Key("encap", kinds.SWITCH),
    Key("fragmentation", kinds.WORD, choices=("yes", "accept", "force", "no")),
    Key("dpd_delay", kinds.TIME),
    Key("dpd_timeout", kinds.TIME),
    Key("rekey_time", kinds.TIME),
    Key("reauth_time", kinds.TIME),
    Key("over_time", kinds.TIME),
    Key("keyingtries", kinds.NUMBER),
    Key("unique", kinds.WORD, choices=("never", "no", "replace", "keep")),
    Key("if_id_in", kinds.IF_ID),
    Key("if_id_out", kinds.IF_ID),
)

LOCAL: t.Tuple[Key, ...] = (
    Key("round", kinds.NUMBER),
    Key("auth", kinds.AUTH),
    Key("id", kinds.IDENTITY),
    Key("certs", kinds.FILES),
    Key("eap_id", kinds.IDENTITY),
    Key("aaa_id", kinds.IDENTITY),
)

REMOTE: t.Tuple[Key, ...] = (
    Key("round", kinds.NUMBER),
    Key("auth", kinds.AUTH),
    Key("id", kinds.IDENTITY),
    Key("certs", kinds.FILES),
    Key("cacerts", kinds.FILES),
    Key("eap_id", kinds.IDENTITY),
    Key("groups", kinds.TEXTS),
    Key("revocation", kinds.WORD, choices=("strict", "ifuri", "relaxed")),
)

MODES = ("tunnel", "transport", "transport_proxy", "beet", "pass", "drop")

CHILD: t.Tuple[Key, ...] = (
    Key("local_ts", kinds.SELECTORS),
    Key("remote_ts", kinds.SELECTORS),
    Key("mode", kinds.WORD, choices=MODES),
    Key("esp_proposals", kinds.PROPOSALS),
    Key("mark_in", kinds.MARK),
    Key("mark_out", kinds.MARK),
    Key("set_mark_in", kinds.SET_MARK),
    Key("set_mark_out", kinds.SET_MARK),
    Key("if_id_in", kinds.IF_ID),
    Key("if_id_out", kinds.IF_ID),
    Key("rekey_time", kinds.TIME),
    Key("life_time", kinds.TIME),
    Key("rekey_bytes", kinds.SIZE),
    Key("life_bytes", kinds.SIZE),
    Key("start_action", kinds.WORD, choices=("none", "trap", "start", "trap|start")),
    Key("close_action", kinds.WORD, choices=("none", "trap", "start")),
    Key("dpd_action", kinds.WORD, choices=("clear", "trap", "restart")),
    Key("inactivity", kinds.TIME),
    Key("updown", kinds.TEXT),
    Key("hostaccess", kinds.SWITCH),
    Key("policies", kinds.SWITCH),
    Key("replay_window", kinds.NUMBER),
    Key("copy_df", kinds.SWITCH),
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
