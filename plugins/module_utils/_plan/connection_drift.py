# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where charon holds another connection than its file says, as far as charon tells of it (pure).

What cannot be compared for sure is not: names that charon resolves, ports by name, ranges.
"""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import show
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.words import parse_action

Facts = t.Dict[str, t.Any]
_Meaning = t.Callable[[t.Any], t.Any]


def differences(file: Facts, daemon: Facts) -> t.List[str]:
    """Return in words what differs between the settings of a file and those in charon."""
    if "inherits" in file:
        return []
    found = _compare("", file, daemon, _CONNECTION)
    theirs = {child["name"]: child for child in daemon["children"]}
    ours = {child["name"]: child for child in file.get("children", [])}
    found += [f"child {name} is not in the daemon" for name in ours if name not in theirs]
    found += [f"child {name} is not in the file" for name in theirs if name not in ours]
    for name, child in ours.items():
        if name in theirs and "inherits" not in child:
            found += _compare(f"children.{name}.", child, theirs[name], _CHILD)
    return found


def _compare(
    prefix: str, file: Facts, daemon: Facts, table: t.Mapping[str, _Meaning]
) -> t.List[str]:
    found = []
    for name, meaning in table.items():
        if name not in file or name not in daemon:
            continue
        ours, theirs = meaning(file[name]), meaning(daemon[name])
        if ours is not None and theirs is not None and ours != theirs:
            found.append(
                f"{prefix}{name} is {show(daemon[name])} in the daemon, {show(file[name])} in the"
                " file"
            )
    return found


def _number(value: t.Any) -> t.Optional[int]:
    return value if isinstance(value, int) else None


def _word(value: t.Any) -> t.Optional[str]:
    return value.lower() if isinstance(value, str) else None


def _action(value: t.Any) -> t.Optional[t.FrozenSet[str]]:
    try:
        return parse_action(value)
    except ValueError:
        return None


def _addresses(value: t.Any) -> t.Optional[t.FrozenSet[str]]:
    return frozenset(text.lower() for text in value)


def _selectors(value: t.Any) -> t.Optional[t.FrozenSet[t.Any]]:
    found = []
    for text in value:
        if "[" in text:
            return None
        if text == "dynamic":
            found.append(text)
            continue
        try:
            found.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            return None
    return frozenset(found)


_CONNECTION: t.Dict[str, _Meaning] = {
    "version": _number,
    "local_addrs": _addresses,
    "remote_addrs": _addresses,
    "rekey_time": _number,
    "reauth_time": _number,
}

_CHILD: t.Dict[str, _Meaning] = {
    "mode": _word,
    "local_ts": _selectors,
    "remote_ts": _selectors,
    "rekey_time": _number,
    "rekey_bytes": _number,
    "rekey_packets": _number,
    "dpd_action": _action,
    "close_action": _action,
}
