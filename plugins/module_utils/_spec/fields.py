# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables of fields, and the argument specs made from them.

Every module takes one object by top-level options, or many by a list. Both come from one table:
top level with defaults, list entries without, so that an entry can inherit what it leaves out.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

Spec = t.Dict[str, t.Any]


@dataclass(frozen=True)
class Field:
    """One option of an object.

    O(identity) options name the object: they are required in a list entry and exclude the list.
    """

    name: str
    type: str = "str"
    default: t.Any = None
    elements: t.Optional[str] = None
    choices: t.Optional[t.Tuple[t.Any, ...]] = None
    identity: bool = False
    required: bool = False
    no_log: t.Optional[bool] = None
    fields: t.Tuple[Field, ...] = ()

    def spec(self, with_default: bool) -> Spec:
        """Return the argument spec of this option."""
        spec: Spec = {"type": self.type}
        if with_default and self.default is not None:
            spec["default"] = self.default
        if self.elements is not None:
            spec["elements"] = self.elements
        if self.choices is not None:
            spec["choices"] = list(self.choices)
        if self.no_log is not None:
            spec["no_log"] = self.no_log
        if self.required:
            spec["required"] = True
        if self.fields:
            spec["options"] = {field.name: field.spec(with_default) for field in self.fields}
        return spec


STATE = Field("state", default="present", choices=("present", "absent"))

COMMON: t.Tuple[Field, ...] = (
    Field("owner", default="default"),
    Field("adopt", type="bool", default=False),
    Field("purge", type="bool", default=False),
)
"""Options of the whole call, the same in every module."""

PERSIST = Field("persist", type="bool", default=False)


def identity_of(fields: t.Sequence[Field]) -> t.List[str]:
    """Return the names of the options that name an object."""
    return [field.name for field in fields if field.identity]


def argument_spec(list_option: str, fields: t.Sequence[Field], call: t.Sequence[Field]) -> Spec:
    """Return a module's argument spec: one object, a list of them, and options of the call."""
    spec = {field.name: field.spec(with_default=True) for field in (*fields, *call)}
    entry = {field.name: field.spec(with_default=False) for field in fields}
    for name in identity_of(fields):
        entry[name]["required"] = True
    # no_log: False, as the entries' own options say which of them are secret
    spec[list_option] = {"type": "list", "elements": "dict", "options": entry, "no_log": False}
    return spec


def constraints(
    list_option: str, fields: t.Sequence[Field], call: t.Sequence[Field] = COMMON
) -> t.Dict[str, t.Any]:
    """Return the keyword arguments for AnsibleModule that go with M(argument_spec)."""
    identity = identity_of(fields)
    purges = any(field.name == "purge" for field in call)
    return {
        "mutually_exclusive": [(name, list_option) for name in identity],
        "required_one_of": [(*identity, list_option)],
        "required_if": [("purge", True, (list_option,))] if purges else [],
    }


def entries(
    list_option: str, fields: t.Sequence[Field], params: t.Mapping[str, t.Any]
) -> t.List[t.Dict[str, t.Any]]:
    """Return one dictionary per object; what an entry leaves out comes from the top level."""
    top = {field.name: params.get(field.name) for field in fields}
    listed = params.get(list_option)
    if listed is None:
        return [top]
    return [
        {**top, **{name: value for name, value in entry.items() if value is not None}}
        for entry in listed
    ]
