# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets for a report: their names, kinds and identities, and nothing of what is secret (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.charon_objects import (
    Facts,
    Sources,
    entry,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import SECRET

SHARED = ("ike", "eap", "xauth", "ntlm", "ppk")
"""Kinds that charon holds under the name of their section."""

_FILES = ("private", "rsa", "ecdsa", "bliss", "pkcs8", "pkcs12", "token")


def report_secrets(sources: Sources, held: t.Optional[t.FrozenSet[str]]) -> t.List[Facts]:
    """Return the secrets; O(held) are the ids that charon holds, None if it cannot be asked."""
    definitions = sources.definitions(SECRET.group)
    return [
        _secret(section, sources, definitions.get(section, []), held)
        for section in sources.names(definitions, held)
    ]


def _secret(
    section: str,
    sources: Sources,
    places: t.Sequence[t.Any],
    held: t.Optional[t.FrozenSet[str]],
) -> Facts:
    kind = next((one for one in (*SHARED, *_FILES) if section.startswith(one)), None)
    shared = kind in SHARED
    known = held if shared or not places else None  # charon has no name for a key's passphrase
    facts = entry(section, sources, places, known)
    settings = places[-1].section.settings if places else {}
    return {
        **facts,
        "name": section[len(kind) :].lstrip("-") if kind else section,
        "type": kind,
        "section": section,
        "ids": [value for name, value in settings.items() if name.lower().startswith("id")],
    }
