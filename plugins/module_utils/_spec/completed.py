# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An entry of a list as its own module will see it: with defaults, and values of the right type.

The look before the run reads entries of several modules; whether their options are right is for
those modules to say, so what cannot be converted is left as it is.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import Field

YES = frozenset({"yes", "true", "on", "1", "y", "t"})


def completed(fields: t.Sequence[Field], entry: t.Mapping[str, t.Any]) -> t.Dict[str, t.Any]:
    """Return an entry with the defaults of what it leaves out."""
    found = {field.name: field.default for field in fields}
    for field in fields:
        if entry.get(field.name) is not None:
            found[field.name] = _value(field, entry[field.name])
    return found


def _value(field: Field, value: t.Any) -> t.Any:
    if field.type == "list":
        return _list(field, value)
    if field.type == "dict":
        return completed(field.fields, value) if field.fields else value
    if field.type == "bool":
        return value if isinstance(value, bool) else str(value).lower() in YES
    return _number(value) if field.type == "int" else str(value)


def _list(field: Field, value: t.Any) -> t.List[t.Any]:
    several = value.split(",") if isinstance(value, str) else value
    if not isinstance(several, (list, tuple)):
        several = [several]
    if field.elements == "dict":
        return [completed(field.fields, one) for one in several if isinstance(one, t.Mapping)]
    return [str(one) for one in several]


def _number(value: t.Any) -> t.Any:
    try:
        return int(value)
    except (TypeError, ValueError):
        return value
