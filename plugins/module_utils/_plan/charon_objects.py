# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects of swanctl.conf for a report: what the files say beside what charon holds (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.file_settings import (
    file_settings,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    ObjectKind,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import SyntaxFault
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

Facts = t.Dict[str, t.Any]

_FEW = 16


@dataclass(frozen=True)
class Defined:
    """A section of swanctl.conf, and the file that it is in."""

    section: Section
    path: str
    owner: t.Optional[str]


@dataclass(frozen=True)
class Sources:
    """What a report knows: the files, whether these are all, and whether charon runs.

    O(running) is None if charon cannot be asked. O(files_only) leaves out what no file has.
    """

    files: t.Mapping[str, ConfigFile] = field(default_factory=dict)
    complete: bool = True
    running: t.Optional[bool] = True
    files_only: bool = False

    def names(self, defined: t.Iterable[str], held: t.Optional[t.Iterable[str]]) -> t.List[str]:
        """Return the names of objects in files and in charon, in order."""
        return sorted({*defined, *(() if self.files_only else held or ())})

    @property
    def all_known(self) -> bool:
        """Whether what is in none of the files is in no file."""
        faults = (isinstance(file.parsed, SyntaxFault) for file in self.files.values())
        return self.complete and not any(faults)

    def about(self, names: t.Optional[t.Sequence[str]]) -> t.Mapping[str, ConfigFile]:
        """Return the files in which one of O(names) occurs; all if these are many to look for."""
        if names is None or len(names) > _FEW:
            return self.files
        return {
            path: file
            for path, file in self.files.items()
            if any(name in file.text for name in names)
        }

    def definitions(
        self, group: str, names: t.Optional[t.Sequence[str]] = None
    ) -> t.Dict[str, t.List[Defined]]:
        """Return the sections of a group by name, with their files; of O(names), or all.

        To parse a file takes long: none is that has no word of the group or of a name.
        """
        found: t.Dict[str, t.List[Defined]] = {}
        for path, file in self.about(names).items():
            if group not in file.text and group not in file.within:
                continue
            for name, section in file.root.children(group).items():
                if names is None or name in names:
                    found.setdefault(name, []).append(Defined(section, path, file.owner))
        return found


def report_objects(
    kind: ObjectKind,
    sources: Sources,
    held: t.Optional[t.Mapping[str, Facts]],
    names: t.Optional[t.Sequence[str]] = None,
) -> t.List[Facts]:
    """Return the objects of a kind by name, each with its settings in file and daemon.

    O(held) is what charon holds, None if it cannot be asked. O(names) are the ones asked for.
    """
    definitions = sources.definitions(kind.group, names)
    return [
        {
            **entry(name, sources, definitions.get(name, []), held),
            "file_settings": settings_in_file(kind, name, definitions.get(name, [])),
            "daemon_settings": (held or {}).get(name),
        }
        for name in sources.names(definitions, held)
    ]


def settings_in_file(kind: ObjectKind, name: str, places: t.Sequence[Defined]) -> t.Optional[Facts]:
    """Return the settings of an object's section; None if no file has it."""
    return file_settings(places[-1].section, kind.group, name) if places else None


def entry(
    name: str,
    sources: Sources,
    places: t.Sequence[Defined],
    held: t.Optional[t.Container[str]],
) -> Facts:
    """Return where an object is, and what is wrong about that.

    Of several files that have it swanctl takes the last.
    """
    loaded = None if held is None else name in held
    last = places[-1] if places else None
    problems = []
    if len(places) > 1:
        others = ", ".join(f"file {one.path}, line {one.section.line}" for one in places[:-1])
        problems.append(f"it is defined more than once, also in {others}")
    if sources.running and places and loaded is False:
        problems.append(
            "a file has it, charon does not hold it: swanctl --load-all says why it does not load"
        )
    if sources.running and not places and sources.all_known:
        problems.append("charon holds it, no file has it: a restart of charon ends it")
    return {
        "name": name,
        "loaded": loaded,
        "file": last.path if last else None,
        "line": last.section.line if last else None,
        "owner": last.owner if last else None,
        "problems": problems,
    }
