# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps its objects in files too, for the runner."""

from __future__ import annotations

import typing as t
from abc import abstractmethod
from dataclasses import dataclass, field, replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.persist import (
    FOLDER,
    StoredFile,
    path_of,
    refuse_namespace,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.persist import (
    FileChange,
    StoreFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Done,
    Found,
    Params,
    Resource,
    Step,
    Wanted,
)

Files = t.Mapping[str, StoredFile]


@dataclass(frozen=True)
class FoundToo(t.Generic[Found]):
    """What is there, and the owner's files by kind; none are read without O(persist)."""

    objects: Found
    files: Files = field(default_factory=dict)


class Persistent(Resource[Wanted, FoundToo[Found], t.Any], t.Generic[Wanted, Found, Step]):
    """A kind of object that O(persist) writes to files, after the kernel has changed."""

    inner: Resource[Wanted, Found, Step]
    kinds: t.ClassVar[t.Tuple[str, ...]]

    @abstractmethod
    def plan_files(
        self, wanted: t.Sequence[Wanted], found: Found, files: Files, params: Params
    ) -> t.Sequence[FileChange]:
        """Return what to change in the files (pure)."""

    def parse(self, entry: Params) -> Wanted:
        return self.inner.parse(entry)

    def check(self, wanted: t.Sequence[Wanted]) -> None:
        self.inner.check(wanted)

    def read(self, host: Host, params: Params, wanted: t.Sequence[Wanted]) -> FoundToo[Found]:
        files = {}
        if params["persist"]:
            refuse_namespace("netns", params["netns"])
            for kind in self.kinds:
                path = path_of(params["owner"], kind)
                files[kind] = StoredFile(path, host.read_file(path))
        return FoundToo(self.inner.read(host, params, wanted), files)

    def nothing(self) -> FoundToo[Found]:
        return FoundToo(self.inner.nothing())

    def plan(
        self, wanted: t.Sequence[Wanted], found: FoundToo[Found], params: Params
    ) -> Plan[t.Any]:
        plan: Plan[t.Any] = self.inner.plan(wanted, found.objects, params)
        if not params["persist"]:
            return plan
        # Check mode assumes an empty host where it cannot be read.
        files = found.files or {
            kind: StoredFile(path_of(params["owner"], kind)) for kind in self.kinds
        }
        changes = self.plan_files(wanted, found.objects, files, params)
        return replace(plan, changes=(*plan.changes, *changes))

    def apply(self, host: Host, params: Params, plan: Plan[t.Any], done: Done) -> None:
        stored = [change for change in plan.changes if _is_file(change.steps)]
        others = tuple(change for change in plan.changes if not _is_file(change.steps))
        if others:
            self.inner.apply(host, params, replace(plan, changes=others), done)
        for change in stored:
            for step in change.steps:
                if step.text is None:
                    host.remove_file(step.path)
                else:
                    host.make_folder(FOLDER)
                    host.write_file(step.path, step.text, 0o644)
            done(change)

    def result(self, wanted: t.Sequence[Wanted]) -> t.List[t.Dict[str, t.Any]]:
        return self.inner.result(wanted)


def _is_file(steps: t.Sequence[t.Any]) -> bool:
    return any(isinstance(step, StoreFile) for step in steps)
