# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sections of pools and authorities as the messages that swanctl sends to charon (pure).

The rules are those of strongSwan's src/swanctl/commands/load_pools.c and load_authorities.c.
"""

from __future__ import annotations

import posixpath
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keys import split
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.message import Blob
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    decode_prefixed,
)


def pool_message(section: Section) -> t.Dict[str, t.Any]:
    """Return the message for a pool's section: all but its addresses are lists."""
    return {
        name: value if name == "addrs" else split(value) for name, value in section.settings.items()
    }


def authority_message(section: Section, swanctl: str, blob: Blob) -> t.Dict[str, t.Any]:
    """Return the message for an authority's section.

    O(swanctl) is the directory under which a relative name of its certificate is.
    """
    message: t.Dict[str, t.Any] = {}
    for name, value in section.settings.items():
        if name == "cacert":
            encoded = decode_prefixed(value)
            message[name] = blob(cacert_path(value, swanctl)) if encoded is None else encoded
        elif name in {"crl_uris", "ocsp_uris"}:
            message[name] = split(value)
        else:
            message[name] = value
    return message


def authority_files(section: Section, swanctl: str) -> t.List[str]:
    """Return the paths of the certificates that an authority names."""
    paths = []
    cacert = section.settings.get("cacert")
    if cacert is not None and decode_prefixed(cacert) is None:
        paths.append(cacert_path(cacert, swanctl))
    if "file" in section.settings:
        paths.append(section.settings["file"])
    return paths


def cacert_path(value: str, swanctl: str) -> str:
    """Return where swanctl looks for the certificate of an authority."""
    return posixpath.join(swanctl, "x509ca", value)
