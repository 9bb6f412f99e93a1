# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options as settings of a section of swanctl.conf: checked by a table of its keywords (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import keys

Options = t.Mapping[str, t.Any]

LONGEST = 65535  # bytes of a value in vici's format
SHOWN = 200  # characters of a wrong value in a message


def settings_of(what: str, table: t.Sequence[keys.Key], entry: Options) -> t.Dict[str, str]:
    """Return the settings that an entry's options ask for, in the order of the table.

    O(what) is the object, for messages.

    :raises InputError: a value is wrong.
    """
    settings = {}
    for key in table:
        value = entry.get(key.name)
        if value is not None and value != []:
            settings[key.name] = setting_of(what, key, value)
    return settings


def setting_of(what: str, key: keys.Key, value: t.Any) -> str:
    """Return the value of a keyword as it is written in swanctl.conf.

    :raises InputError: it is wrong.
    """
    if key.kind.many:
        return keys.SEPARATOR.join([_word(what, key, item) for item in value])
    return _word(what, key, value)


def _word(what: str, key: keys.Key, value: t.Any) -> str:
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    kind = key.kind
    try:
        parsed = kind.parse(text)
        if key.choices:
            _check_choice(key, value, text)
        elif kind.type == "int" and not key.minimum <= parsed <= key.maximum:
            raise ValueError(f"expected {key.minimum} to {key.maximum}")
        if kind.many and keys.split(text) != [text]:
            raise ValueError("a comma separates items: give a list with one item each")
        if len(text) > LONGEST // 4 and len(text.encode(errors="surrogateescape")) > LONGEST:
            raise ValueError(f"expected at most {LONGEST} bytes, which is what vici can send")
    except ValueError as error:
        raise InputError(f"{what}: {key.name} '{_shown(text)}': {error}") from None
    return text


def _check_choice(key: keys.Key, value: t.Any, text: str) -> None:
    if value not in key.choices and text not in key.choices:
        raise ValueError(f"expected one of {', '.join(str(choice) for choice in key.choices)}")


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
