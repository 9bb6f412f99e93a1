# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sections as the messages that swanctl sends to charon for them (pure).

The rules are those of strongSwan's src/swanctl/commands/load_conns.c and load_creds.c.
"""

from __future__ import annotations

import posixpath
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keys import (
    is_files,
    is_list,
    split,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    decode_prefixed,
)

Blob = t.Callable[[str], bytes]
"""Returns the content of a file."""

_FOLDERS = {"certs": "x509", "cacerts": "x509ca", "pubkeys": "pubkey"}


def connection_message(section: Section, swanctl: str, blob: Blob) -> t.Dict[str, t.Any]:
    """Return the message for a connection's section.

    O(swanctl) is the directory under which relative names of certificates are.
    """
    return _message(section, swanctl, blob)


def _message(section: Section, swanctl: str, blob: Blob) -> t.Dict[str, t.Any]:
    message: t.Dict[str, t.Any] = {}
    for name, value in section.settings.items():
        if is_files(name):
            message[name] = [_content(name, item, swanctl, blob) for item in split(value)]
        elif is_list(name):
            message[name] = split(value)
        else:
            message[name] = value
    for name, inner in section.sections.items():
        message[name] = _message(inner, swanctl, blob)
    return message


def files_of(section: Section, swanctl: str) -> t.List[str]:
    """Return the paths of all files whose content a connection needs."""
    paths: t.List[str] = []

    def note(path: str) -> bytes:
        paths.append(path)
        return b""

    for one in _with_files(section):
        _message(Section(one.name, one.settings), swanctl, note)
    return paths


def _with_files(section: Section) -> t.Iterator[Section]:
    """Yield the section and those in it that name files."""
    if any(map(is_files, section.settings)):
        yield section
    for inner in section.sections.values():
        yield from _with_files(inner)


def _content(key: str, value: str, swanctl: str, blob: Blob) -> bytes:
    encoded = decode_prefixed(value)
    if encoded is not None:
        return encoded
    return blob(posixpath.join(swanctl, _FOLDERS.get(key, ""), value))


def secret_message(section: Section) -> t.Dict[str, t.Any]:
    """Return the message for a shared secret's section, without its id.

    The type is what the section's name begins with.
    """
    value = section.settings["secret"]
    data = decode_prefixed(value)
    return {
        "type": section.name.partition("-")[0],
        "data": value.encode(errors="surrogateescape") if data is None else data,
        "owners": [text for name, text in section.settings.items() if name.startswith("id")],
    }
