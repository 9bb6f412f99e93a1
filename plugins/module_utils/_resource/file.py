# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text files, for the runner."""

from __future__ import annotations

import os
import stat
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.file import (
    WantedFile,
    check_files,
    file_result,
    parse_file,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.file import (
    FoundFile,
    plan_files,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Done,
    Params,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import file as spec

Found = t.Dict[str, FoundFile]

_KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "symbolic link"}


class Files(Resource[WantedFile, Found, WantedFile]):
    """Text files of a host."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL
    quiet = True  # contents would fill the host's journal
    long = frozenset({"content"})

    def parse(self, entry: Params) -> WantedFile:
        return parse_file(entry)

    def check(self, wanted: t.Sequence[WantedFile]) -> None:
        check_files(wanted)

    def read(self, host: Host, params: Params, wanted: t.Sequence[WantedFile]) -> Found:
        found = {one.path: _look(host, one.path) for one in wanted}
        return {path: there for path, there in found.items() if there is not None}

    def nothing(self) -> Found:
        return {}

    def plan(
        self, wanted: t.Sequence[WantedFile], found: Found, params: Params
    ) -> Plan[WantedFile]:
        return plan_files(wanted, found, f"{os.geteuid()}:{os.getegid()}")

    def apply(self, host: Host, params: Params, plan: Plan[WantedFile], done: Done) -> None:
        for change in plan.changes:
            for one in change.steps:
                if one.present:
                    host.make_folder(os.path.dirname(one.path))
                    host.write_bytes(one.path, one.text.encode(), one.mode, keep_owner=False)
                else:
                    host.remove_file(one.path)
            done(change)

    def result(self, wanted: t.Sequence[WantedFile]) -> t.List[t.Dict[str, t.Any]]:
        return [file_result(one) for one in wanted]


def _look(host: Host, path: str) -> t.Optional[FoundFile]:
    try:
        there = os.lstat(path)
    except FileNotFoundError:
        return None
    except OSError as error:  # a file in the place of a directory above it
        raise FileError(f"file {path}: cannot be looked at, {error.strerror}") from error
    kind = _KINDS.get(stat.S_IFMT(there.st_mode), "special file")
    text = host.read_file(path) or "" if kind == "file" else ""
    owner = f"{there.st_uid}:{there.st_gid}"
    return FoundFile(kind, text, stat.S_IMODE(there.st_mode), owner)
