# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of network devices (pure)."""

from __future__ import annotations

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import FALLBACKS

NAME_MAX = 15  # IFNAMSIZ - 1, include/uapi/linux/if.h


def check_device_name(what: str, name: str) -> str:
    """Return the name if the kernel takes it for a new device (dev_valid_name, net/core/dev.c).

    :raises InputError: it does not.
    """
    problem = ""
    if not name or len(name.encode()) > NAME_MAX:
        problem = f"expected 1 to {NAME_MAX} bytes, it has {len(name.encode())}"
    elif "/" in name or ":" in name or any(character.isspace() for character in name):
        problem = "expected no '/', ':' or white space"
    elif name in {".", "..", "all", "default"}:
        problem = "this name is reserved by the kernel"
    elif name in FALLBACKS:
        problem = "this is the kernel's own fallback device, which is never touched"
    elif not name.isprintable():
        problem = "expected printable characters"
    if problem:
        raise InputError(f"{what} '{name}': {problem}; choose another name")
    return name
