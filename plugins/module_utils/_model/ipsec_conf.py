# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection of ipsec.conf as the user wants it: parsed and checked (pure)."""

from __future__ import annotations

import difflib
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf import keywords
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.keywords import (
    Keyword,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.wanted import (
    WantedConn,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.ipsec_secret import (
    parse_secrets,
    weaknesses,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import check_name

Options = t.Mapping[str, t.Any]
__all__ = ["check_conns", "conn_result", "parse_conn", "weaknesses"]


def parse_conn(entry: Options) -> WantedConn:
    """Return the connection that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    name = check_name("connection", entry["name"])
    if entry["state"] == "absent":
        return WantedConn(name, {}, present=False)
    what = f"connection {name}"
    settings = {}
    for keyword in keywords.CONN:
        value = entry.get(keyword.name) if keyword.option else None
        if value is not None and value != []:
            settings[keyword.name] = _written(what, keyword, value)
    settings.update(_others(what, entry.get("settings") or {}))
    also = tuple(check_name(f"{what}: also", one) for one in entry.get("also") or ())
    secrets = parse_secrets(what, entry.get("secrets") or ())
    if not (settings or also or secrets):
        raise InputError(f"{what}: it has no option and no secret; give what it is to be")
    _check_marks(what, settings)
    return WantedConn(name, settings, also, secrets)


def check_conns(wanted: t.Sequence[WantedConn]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: a name is there twice.
    """
    names: t.Set[str] = set()
    for one in wanted:
        if one.name in names:
            raise InputError(f"{one.object}: it is in the list twice; keep one entry")
        names.add(one.name)


def conn_result(wanted: WantedConn) -> t.Dict[str, t.Any]:
    """Return a connection for the module's result, without secrets."""
    result: t.Dict[str, t.Any] = {
        "name": wanted.name,
        "state": "present" if wanted.present else "absent",
    }
    if wanted.also:
        result["also"] = list(wanted.also)
    for name, value in wanted.settings.items():
        many = keywords.BY_NAME[name].kind.many
        result[name] = keywords.split(value) if many else value
    if wanted.secrets:
        result["secrets"] = [
            {"type": one.type, **({"file": one.file} if one.file else {"ids": list(one.ids)})}
            for one in wanted.secrets
        ]
    return result


def _others(what: str, given: Options) -> t.Dict[str, str]:
    """Return the settings that have no option of their own.

    :raises InputError: there is no such keyword, or its value is wrong.
    """
    settings = {}
    for word, value in given.items():
        name = str(word)
        keyword = keywords.BY_NAME.get(name)
        if keyword is None:
            near = difflib.get_close_matches(name, [*keywords.BY_NAME, "also"], 1)
            hint = f"; did you mean '{near[0]}'?" if near else "; ipsec.conf(5) lists them"
            raise InputError(f"{what}: settings: '{name}' is no keyword of a conn section{hint}")
        if keyword.option:
            raise InputError(
                f"{what}: settings: {name} has an option of its own; give it there, beside settings"
            )
        if value is not None:
            settings[name] = _written(f"{what}: settings", keyword, value)
    return settings


def _written(what: str, keyword: Keyword, value: t.Any) -> str:
    """Return a value as it is written in ipsec.conf."""
    if keyword.kind.many and not isinstance(value, list):
        value = keywords.split(str(value))
    if isinstance(value, dict) or (isinstance(value, list) and not keyword.kind.many):
        raise InputError(f"{what}: {keyword.name} '{value}': expected one value")
    items = value if keyword.kind.many else [value]
    return ",".join(_word(what, keyword, item) for item in items)


def _word(what: str, keyword: Keyword, value: t.Any) -> str:
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    try:
        keyword.kind.parse(text)
        if keyword.choices and text not in keyword.choices:
            raise ValueError(f"expected one of {', '.join(keyword.choices)}")
    except ValueError as error:
        raise InputError(f"{what}: {keyword.name} '{text}': {error}") from None
    return text


def _check_marks(what: str, settings: t.Mapping[str, str]) -> None:
    """Refuse settings of which starter would take one or the other, by their place.

    :raises InputError: there are such.
    """
    for option in ("mark_in", "mark_out"):
        if option in settings and "mark" in settings:
            raise InputError(
                f"{what}: mark is {option}, too; give either mark, or both of the others"
            )
    for other, name in keywords.SYNONYMS.items():
        if other in settings and name in settings:
            raise InputError(f"{what}: {other} and {name} are the same; give one of them")
    for end in ("left", "right"):
        if settings.get(f"{end}firewall") == "yes" and f"{end}updown" in settings:
            raise InputError(f"{what}: {end}firewall and {end}updown exclude each other; drop one")
    if "ah" in settings and "esp" in settings:
        raise InputError(f"{what}: ah and esp exclude each other; drop one")
