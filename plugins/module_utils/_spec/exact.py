# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries of a list that are as Ansible would leave them: there is nothing to check or convert."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import Spec

_TYPES: t.Mapping[str, type] = {"str": str, "int": int, "bool": bool, "dict": dict, "list": list}
_UNDERSTOOD = frozenset({"type", "elements", "choices", "no_log", "required"})


def exact(options: t.Mapping[str, Spec], entries: t.Iterable[t.Any]) -> bool:
    """Return whether all entries have known options only, with values of the right types.

    It says no as well where it cannot tell, or where Ansible must note a secret.
    """
    if not all(map(_understood, options.values())):
        return False
    required = [name for name, option in options.items() if option.get("required")]
    types: t.Dict[str, t.Any] = {name: _TYPES[option["type"]] for name, option in options.items()}
    elements = {
        name: _TYPES[option["elements"]] for name, option in options.items() if "elements" in option
    }
    choices = {name: option["choices"] for name, option in options.items() if "choices" in option}
    for entry in entries:  # compared by class, as a bool is an int, too
        if entry.__class__ is not dict or any(entry.get(name) is None for name in required):
            return False
        for name, value in entry.items():
            if value is None and name in types and name not in choices:
                continue
            if value.__class__ is not types.get(name):
                return False
            if name in elements and any(one.__class__ is not elements[name] for one in value):
                return False
            if name in choices and value not in choices[name]:
                return False
    return True


def complete(options: t.Mapping[str, Spec], entries: t.Iterable[t.Dict[str, t.Any]]) -> None:
    """Give entries the options that they leave out, without a value, as Ansible does it."""
    for entry in entries:
        if len(entry) < len(options):
            for name in options:
                entry.setdefault(name)


def _understood(option: Spec) -> bool:
    several = option.get("type") == "list"
    return (
        _UNDERSTOOD.issuperset(option)
        and not option.get("no_log")
        and option.get("type") in _TYPES
        and ("elements" in option) == several
        and option.get("elements", "str") in ("str", "dict")
        and not (several and "choices" in option)
    )
