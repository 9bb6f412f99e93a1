# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daemons that run in this network namespace, with the units of systemd that they belong to."""

from __future__ import annotations

import os
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight import Process

NAME_MAX = 15  # what the kernel keeps of a program's name (TASK_COMM_LEN)


def read_processes(names: t.Iterable[str], root: str = "/proc") -> t.Iterator[Process]:
    """Return the processes of these names."""
    wanted = {name[:NAME_MAX]: name for name in names}
    here = _namespace(f"{root}/self")
    for entry in os.listdir(root):
        if not entry.isdecimal():
            continue
        name = wanted.get(_text(f"{root}/{entry}/comm").strip())
        if name is None:
            continue
        there = _namespace(f"{root}/{entry}")
        if there is None or there == here:
            yield Process(name, int(entry), _unit(_text(f"{root}/{entry}/cgroup")))


def _unit(cgroups: str) -> str:
    """Return the innermost service of systemd that a list of control groups names."""
    for line in cgroups.splitlines():
        for part in reversed(line.split("/")):
            if part.endswith(".service"):
                return part
    return ""


def _namespace(process: str) -> t.Optional[str]:
    try:
        return os.readlink(f"{process}/ns/net")
    except OSError:  # it ended, or belongs to somebody else
        return None


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
