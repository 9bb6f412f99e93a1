# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of a setting by the section that it is in and its name (pure)."""

from __future__ import annotations

import functools
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import (
    keywords,
    pool_keywords,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import (
    Section,
    flatten,
)

SEPARATOR = ", "

Key = keywords.Key
Table = t.Mapping[str, Key]


def _options(keys: t.Sequence[Key]) -> t.Tuple[Key, ...]:
    return tuple(key for key in keys if key.option)


def _by_name(keys: t.Sequence[Key]) -> Table:
    return {key.name: key for key in keys}


CONNECTION = _options(keywords.CONNECTION)
LOCAL = _options(keywords.LOCAL)
REMOTE = _options(keywords.REMOTE)
CHILD = _options(keywords.CHILD)
"""The keywords that are options of M(strongswan_conn)."""

POOL = pool_keywords.POOL
AUTHORITY = pool_keywords.AUTHORITY

TABLES: t.Mapping[str, Table] = {
    "connection": _by_name(keywords.CONNECTION),
    "local": _by_name(keywords.LOCAL),
    "remote": _by_name(keywords.REMOTE),
    "child": _by_name(keywords.CHILD),
    "certificate": _by_name(keywords.CERTIFICATE),
}
"""All keywords of a connection and the sections in it, by the kind of the section."""

_GROUPS: t.Mapping[str, Table] = {
    "pools": _by_name(POOL),
    "authorities": _by_name(AUTHORITY),
}

_ALL = tuple(key for table in TABLES.values() for key in table.values())
_LISTS = frozenset(key.name for key in _ALL if key.kind.many)
_FILES = frozenset(key.name for key in _ALL if key.kind.files)


def kind_of(path: t.Sequence[str]) -> t.Optional[str]:
    """Return what the section at this path is, as in O(TABLES); the group's name comes first.

    As charon does it, C(local) and C(remote) with any suffix are rounds, C(cert) and C(cacert)
    with any suffix in them are certificates.
    """
    if not path or path[0] != "connections":
        return None
    if len(path) == 2:
        return "connection"
    if len(path) == 4 and path[2].lower() == "children":
        return "child"
    side = next((one for one in ("local", "remote") if path[2:] and _begins(path[2], one)), None)
    if side and len(path) == 4 and (_begins(path[3], "cert") or _begins(path[3], "cacert")):
        return "certificate"
    return side if len(path) == 3 else None


def _begins(name: str, word: str) -> bool:
    return name.lower().startswith(word)


def table_of(path: t.Sequence[str]) -> Table:
    """Return the keywords of the section at this path; see M(kind_of)."""
    if len(path) == 2 and path[0] in _GROUPS:
        return _GROUPS[path[0]]
    kind = kind_of(path)
    return TABLES[kind] if kind else {}


def split(value: str) -> t.List[str]:
    """Return the items of a list as swanctl takes them: at commas, blanks around cut off.

    An item in quotes of its own may hold commas and blanks.
    """
    if value and "," not in value and value[0] not in " \"'" and value[-1] != " ":
        return [value]
    items: t.List[str] = []
    rest = value.lstrip(" ,")
    while rest:
        end = rest.find(rest[0], 1) if rest[0] in "\"'" else -1
        if end > 0:
            items.append(rest[1:end])
            rest = rest[end + 1 :]
        else:
            item, _comma, rest = rest.partition(",")
            items.append(item.rstrip(" "))
        rest = rest.lstrip(" ,")
    return items


@functools.lru_cache(maxsize=1 << 10)
def is_list(name: str) -> bool:
    """Return whether swanctl sends a setting of this name as a list, whatever section has it."""
    return name.lower() in _LISTS


@functools.lru_cache(maxsize=1 << 10)
def is_files(name: str) -> bool:
    """Return whether swanctl sends the content of the files that a setting of this name names."""
    return name.lower() in _FILES


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
