# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A note of the configurations that live SAs may still have: charon does not tell which one.

It lies beside charon's socket, so that it goes with the host's run time data, and it counts only
for the charon that made this socket: SAs do not outlive it.
"""

from __future__ import annotations

import json
import os
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import (
    Former,
    Formers,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import (
    SyntaxFault,
    parse,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.render import render
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

FOLDER = "ipsec.strongswan"


def read_formers(host: Host, socket: str) -> t.Dict[str, Formers]:
    """Return the configurations that live SAs may still have, by the connection's name."""
    text = host.read_file(_path(socket))
    try:
        note = json.loads(text or "{}")
        if note.get("charon") != _charon(socket):
            return {}
        return {
            name: {level: tuple(map(_former, noted)) for level, noted in levels.items()}
            for name, levels in note["connections"].items()
        }
    except (ValueError, TypeError, AttributeError, KeyError, SyntaxFault) as error:
        host.warn(
            f"file {_path(socket)}: it is not as this collection wrote it ({error}), and left out"
        )
        return {}


def write_formers(host: Host, socket: str, formers: t.Mapping[str, Formers]) -> None:
    """Note the configurations that live SAs may still have.

    :raises FileError: the note cannot be written.
    """
    connections = {
        name: {level: [_noted(one) for one in noted] for level, noted in levels.items()}
        for name, levels in formers.items()
    }
    note = {"charon": _charon(socket), "connections": connections}
    host.make_folder(os.path.dirname(_path(socket)))
    host.write_file(_path(socket), json.dumps(note, indent=1) + "\n")


def _path(socket: str) -> str:
    folder, name = os.path.split(os.path.realpath(socket))
    return os.path.join(folder, FOLDER, f"{name}.json")


def _charon(socket: str) -> str:
    """Return what tells one run of charon from another: it makes its socket anew."""
    try:
        status = os.stat(socket)
    except OSError:
        return ""
    return f"{status.st_dev}:{status.st_ino}:{status.st_mtime_ns}"


def _noted(one: Former) -> t.Dict[str, t.Any]:
    if one.section is None:
        return {"since": one.since, "text": None}
    return {"since": one.since, "text": render(Section("", {}, {one.section.name: one.section}))}


def _former(noted: t.Mapping[str, t.Any]) -> Former:
    if noted["text"] is None:
        return Former(None, float(noted["since"]))
    (section,) = parse(noted["text"]).sections.values()
    return Former(section, float(noted["since"]))
