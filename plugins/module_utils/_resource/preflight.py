# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A look at what stands in the way of a run, for the runner."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    DependencyError,
    FileError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.host_facts import read_host
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight import (
    ERROR,
    Problem,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_child import (
    PlannedChild,
    children_of_section,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_wanted import (
    read_wanted,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.preflight import (
    DAEMONS,
    find_problems,
    summary,
    tolerated,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Info, Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import preflight as spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    CONNECTION,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.store import read_files

Facts = t.Dict[str, t.Any]


class Preflight(Info):
    """What is wanted, beside what a host is."""

    fields = spec.FIELDS

    def read(self, host: Host, params: Params) -> Facts:
        wanted, refused = read_wanted(params)
        kinds = {one.data.kind for one in wanted.tunnels}

        def available(module: str) -> bool:
            try:
                return host.run(["modprobe", "--dry-run", "--quiet", module])[0] == 0
            except FileNotFoundError:
                return False

        facts = read_host(kinds, DAEMONS, available, host.warn)
        found = find_problems(wanted, facts, _children(host, params["directory"]))
        problems = tolerated([*refused, *found], params["tolerate"])
        for one in problems:
            if one.severity != ERROR:
                host.warn(one.sentence)
        return _result(problems)

    def nothing(self) -> Facts:
        return _result([])


def _result(problems: t.Sequence[Problem]) -> Facts:
    return {"problems": [one.facts() for one in problems], "summary": summary(problems)}


def _children(host: Host, directory: str) -> t.List[PlannedChild]:
    """Return the children of swanctl's files; a host that has none has no connections either."""
    try:
        files = read_files(directory, lambda error: host.warn(f"{error}. It is left out."))
    except DependencyError:
        return []
    except FileError as error:
        host.warn(f"{error}. The connections of this host are not known.")
        return []
    return [
        child
        for path, file in files.items()
        for section in file.root.children(CONNECTION.group).values()
        for child in children_of_section(section, path)
    ]
