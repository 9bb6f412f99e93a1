# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An argument spec without the options that a call does not use.

Ansible goes through the whole spec a dozen times for each entry of a list: of a thousand entries
that give five of fifty options each, that takes longer than to read and compare the kernel's
thousand devices. Entries that it would leave as they are need no check at all.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.exact import complete, exact
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import Spec

NEEDED = ("required", "default", "aliases", "fallback")
"""What makes Ansible look at an option that an entry does not give."""


def narrowed(spec: Spec, params: t.Mapping[str, t.Any]) -> Spec:
    """Return a spec whose lists of entries know only the options that some entry gives.

    An entry that gives an unknown option gets the whole spec, so that Ansible's message names
    all that there are.
    """
    return {name: _narrow(option, params.get(name)) for name, option in spec.items()}


def _narrow(option: Spec, value: t.Any) -> Spec:
    if "options" not in option or not isinstance(value, list) or option.get("type") != "list":
        return option
    if not all(isinstance(entry, dict) for entry in value):
        return option
    known: t.Dict[str, Spec] = option["options"]
    used: t.Set[str] = set().union(*value)
    if not used <= set(known):
        return option
    inner = {
        name: _narrow(one, _together(name, value) if "options" in one else None)
        for name, one in known.items()
        if name in used or any(one.get(word) for word in NEEDED)
    }
    if option.get("elements") == "dict" and exact(inner, value):
        complete(inner, value)
        return {name: one for name, one in option.items() if name != "options"}
    return {**option, "options": inner}


def _together(name: str, entries: t.Sequence[t.Mapping[str, t.Any]]) -> t.Any:
    """Return what all entries give for a list option, as one list; None if one gives no list."""
    values = [entry[name] for entry in entries if entry.get(name) is not None]
    if not all(isinstance(value, list) for value in values):
        return None
    return [one for value in values for one in value]
