# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pool of virtual addresses as the user wants it (pure)."""

from __future__ import annotations

import difflib
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.settings import (
    Options,
    settings_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import (
    keys,
    pool_keywords,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import POOL
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.pool_range import (
    PoolRange,
    parse_pool_range,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import (
    ConfigObject,
    check_name,
)

OTHERS = ("p_cscf",)  # from strongSwan 6.0.3 on; an older charon says that it does not know it
TYPE_MAX = 32767  # an attribute's type has 15 bits in IKE


def parse_pool(entry: Options) -> ConfigObject:
    """Return the pool that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    name = check_name("pool", entry["name"])
    if entry["state"] == "absent":
        return ConfigObject(POOL, name, Section(name), present=False)
    what = f"pool {name}"
    settings = settings_of(what, pool_keywords.POOL, entry)
    if "addrs" not in settings:
        raise InputError(f"{what}: addrs is missing: expected a network or a range of addresses")
    settings.update(_others(what, entry.get("settings") or {}))
    return ConfigObject(POOL, name, Section(name, settings))


def pool_range(section: Section) -> t.Optional[PoolRange]:
    """Return the addresses of a pool's section; None if it has none that charon would take."""
    try:
        return parse_pool_range(section.settings.get("addrs", ""))
    except ValueError:
        return None


def check_pools(wanted: t.Sequence[ConfigObject]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: a name is there twice, or an address is in two pools.
    """
    names: t.Set[str] = set()
    ranges: t.List[t.Tuple[ConfigObject, PoolRange]] = []
    for one in wanted:
        if one.name in names:
            raise InputError(f"{one.object}: it is in the list twice; keep one entry")
        names.add(one.name)
        mine = pool_range(one.section)
        if mine is None:
            continue
        for other, its in ranges:
            if mine.overlaps(its):
                raise InputError(
                    f"{one.object}: its addresses {one.section.settings['addrs']} overlap with"
                    f" those of {other.object}, {other.section.settings['addrs']}: both would give"
                    " the same address to two clients; give each pool addresses of its own"
                )
        ranges.append((one, mine))


def pool_result(wanted: ConfigObject) -> t.Dict[str, t.Any]:
    """Return a pool for the module's result: names and values as in its file."""
    result: t.Dict[str, t.Any] = {
        "name": wanted.name,
        "state": "present" if wanted.present else "absent",
    }
    for name, value in wanted.section.settings.items():
        result[name] = value if name == "addrs" else keys.split(value)
    return result


def _others(what: str, given: t.Mapping[t.Any, t.Any]) -> t.Dict[str, str]:
    """Return attributes that are no options, by number or name."""
    options = [key.name for key in pool_keywords.POOL]
    settings = {}
    for name, value in sorted(given.items(), key=str):
        number = str(name)
        where = f"{what}: settings: {number}"
        if number in options:
            raise InputError(f"{where}: it is an option of its own; give it beside settings")
        if number not in OTHERS and not (
            number.isascii() and number.isdigit() and 0 < int(number) <= TYPE_MAX
        ):
            near = difflib.get_close_matches(number, (*options, *OTHERS), 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise InputError(
                f"{where}: expected the number of an attribute's type, 1 to {TYPE_MAX}{hint}"
            )
        items = [str(item) for item in (value if isinstance(value, list) else [value])]
        for item in items:
            if not item or not (item.isascii() and item.isprintable()) or "," in item:
                raise InputError(f"{where} '{item}': expected printable text without a comma")
        settings[number] = keys.SEPARATOR.join(items)
    return settings
