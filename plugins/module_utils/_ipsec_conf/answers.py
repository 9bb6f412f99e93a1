# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What strongSwan's own C(ipsec) commands print: read (pure)."""

from __future__ import annotations

import re
import typing as t

_CHILD = re.compile(r" *(\S.*?):   child:  ")
_PEER = re.compile(r" *(\S.*?):  \S.*  IKEv")
_ENDS = ("Shunted Connections:", "Routed Connections:", "Security Associations")


def loaded_conns(status: str) -> t.FrozenSet[str]:
    """Return the names of the connections that charon holds, from C(ipsec statusall).

    Connections that differ in their children only are one for charon, which lists the others as
    its children.
    """
    names: t.Set[str] = set()
    inside = False
    for line in status.splitlines():
        if line.startswith("Connections:"):
            inside = True
        elif line.startswith(_ENDS):
            inside = False
        elif inside:
            match = _CHILD.match(line) or _PEER.match(line)
            if match:
                names.add(match.group(1))
    return frozenset(names)


_NOISE = ("config OK", "config invalid!", "###", "invalid config file", "no files found matching")


def complaints(output: str) -> t.List[str]:
    """Return what starter complains of, from C(ipsec start --conftest)."""
    lines = [line.strip().removeprefix("# ") for line in output.splitlines()]
    return [line for line in lines if line and not line.startswith(_NOISE)]


_OWN = re.compile(r"^.*\[CFG\]\s*")
_USUAL = (
    "received stroke",
    "added ",
    "deleted connection",
    "load",
    "reread",
    "expanding",
    "no config named",
)


def charons_words(log: str, limit: int = 5) -> t.List[str]:
    """Return what charon said of configurations last, from its log."""
    lines = [_OWN.sub("", line) for line in log.splitlines() if "[CFG]" in line]
    said = [line.strip() for line in lines if not line.strip().startswith(_USUAL)]
    return said[-limit:]
