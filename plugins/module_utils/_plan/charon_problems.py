# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a host's charon, its files and certificates, for a report (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.charon_objects import Facts
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import SyntaxFault

_READABLE = 0o044  # by the group, by all


def all_problems(report: Facts, files: t.Mapping[str, ConfigFile], warn_days: int) -> t.List[Facts]:
    """Return each problem with the object that has it, and file and line where there are some."""
    found: t.List[Facts] = []
    if report.get("running") is False:
        found.append(_problem("daemon", "", "charon is not running"))
    found += _files(files)
    for kind, part in _PARTS.items():
        for one in report.get(part) or ():
            found += [
                _problem(kind, one["name"], text, one["file"], one["line"])
                for text in one["problems"]
            ]
    for one in report.get("certificates") or ():
        found += _certificate(one, warn_days)
    return found


_PARTS = {
    "connection": "connections",
    "secret": "secrets",
    "pool": "pools",
    "authority": "authorities",
}


def _files(files: t.Mapping[str, ConfigFile]) -> t.Iterator[Facts]:
    for path, file in files.items():
        if isinstance(file.parsed, SyntaxFault):
            yield _problem(
                "file",
                path,
                f"{file.parsed}: swanctl loads none of its files until it is corrected",
                path,
                file.parsed.line,
            )
        elif file.root.children("secrets") and file.mode & _READABLE:
            yield _problem(
                "file",
                path,
                f"it holds secrets, and others may read it: mode {file.mode:04o}",
                path,
            )


def _certificate(one: Facts, warn_days: int) -> t.Iterator[Facts]:
    days = one["days_left"]
    if days is None or days >= warn_days:
        return
    what = "the list of revoked certificates" if one["type"] == "X509_CRL" else "it"
    if days < 0:
        text = f"{what} is not valid since {one['not_after']}"
    else:
        text = f"{what} is not valid from {one['not_after']} on, in {days} days"
    yield _problem("certificate", one["name"] or "", text)


def _problem(
    kind: str,
    name: str,
    text: str,
    file: t.Optional[str] = None,
    line: t.Optional[int] = None,
) -> Facts:
    return {"kind": kind, "name": name, "file": file, "line": line, "problem": text}
