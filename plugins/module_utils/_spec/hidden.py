# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hide what a wrong call gives of secrets where Ansible would show it (pure).

Ansible hides the values of options that the spec says are secret. It shows those of unknown
options, be it a secret under a mistyped name, and what it makes of a secret that is no text.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import Spec

HIDDEN = "hidden, as it may be a secret"


def hide(spec: Spec, params: t.Dict[str, t.Any], where: str = "") -> t.List[str]:
    """Replace what must not be shown; return the secret options whose values are no text.

    Ansible refuses a call with unknown options itself, by their names.
    """
    wrong: t.List[str] = []
    for name, value in params.items():
        option = spec.get(name)
        if option is None:
            if not name.startswith("_ansible_"):
                params[name] = HIDDEN
        elif option.get("no_log") and isinstance(value, (dict, list)):
            params[name] = HIDDEN
            wrong.append(f"{where}{name}")
        elif "options" in option and isinstance(value, list):
            for entry in value:
                if isinstance(entry, dict):
                    wrong += hide(option["options"], entry, f"{where}{name}.")
    return wrong
