# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report on charon, for the runner."""

from __future__ import annotations

import contextlib
import datetime
import time
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    DependencyError,
    FileError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.subset import chosen
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.charon_objects import Sources
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.charon_report import (
    NOTHING,
    Told,
    Wanted,
    report,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.report_in_force import Noted
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Info, Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.former_connections import (
    read_formers,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import strongswan_info as spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    CONNECTION,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.store import read_files
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon, query
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
    RefusedError,
)

Facts = t.Dict[str, t.Any]
_T = t.TypeVar("_T")

_IN_FILES = frozenset({"connections", "pools", "authorities", "secrets"})


class StrongswanInfo(Info):
    """What a host's charon holds and does, and what its files say."""

    fields = spec.FIELDS

    def read(self, host: Host, params: Params) -> Facts:
        parts = chosen(params["gather_subset"])
        files, complete = _files(host, params, parts)
        names = params["names"]
        if params["owner"] is not None:
            files = {path: file for path, file in files.items() if file.owner == params["owner"]}
            theirs = Sources(files).definitions(CONNECTION.group)
            names = sorted(theirs if names is None else theirs.keys() & names)
        wanted = Wanted(parts, names, params["certificate_days"])
        running, told = _ask(host, params, wanted)
        sources = Sources(files, complete, running, files_only=params["owner"] is not None)
        moment = datetime.datetime.now(datetime.timezone.utc)
        return report(wanted, sources, told, moment, _noted(host, params, told))

    def nothing(self) -> Facts:
        return {"running": False, "problems": []}


def _noted(host: Host, params: Params, told: Told) -> Noted:
    """Return what SAs may have of former configurations; nothing if there are no SAs."""
    if not told.ike_sas:
        return Noted()
    try:
        return Noted(read_formers(host, params["socket"]), time.monotonic())
    except FileError as error:
        host.warn(f"{error}. What is in force is told by what SAs show only.")
        return Noted()


def _files(
    host: Host, params: Params, parts: t.FrozenSet[str]
) -> t.Tuple[t.Dict[str, ConfigFile], bool]:
    """Return the files that can be read, and whether these are all."""
    if params["owner"] is None and not parts & _IN_FILES:
        return {}, False
    unread: t.List[FileError] = []
    try:
        files = read_files(params["directory"], unread.append)
    except (DependencyError, FileError) as error:
        host.warn(f"{error}. The report goes on without files.")
        return {}, False
    if unread:
        more = f" and {len(unread) - 1} more" if len(unread) > 1 else ""
        host.warn(f"{unread[0]}. The report goes on without it{more}.")
    return files, not unread


def _ask(host: Host, params: Params, wanted: Wanted) -> t.Tuple[t.Optional[bool], Told]:
    """Return whether charon runs, None if it lets nobody ask, and its answers."""
    with contextlib.ExitStack() as stack:
        client = Client(params["socket"], float(params["timeout"]))
        try:
            stack.enter_context(client)
        except DependencyError as error:
            host.warn(f"{error}. The report goes on without a daemon.")
            return False, NOTHING
        except CharonError as error:
            host.warn(f"{error}. The report goes on without the daemon's answers.")
            return None, Told()
        return True, _answers(client, wanted)


def _answers(client: Client, wanted: Wanted) -> Told:
    names = wanted.names
    parts = wanted.parts

    def ask(ask_for: t.Callable[[], _T], *needed_by: str) -> t.Optional[_T]:
        """Return an answer if a part needs it; None if this charon does not know the command."""
        if not parts.intersection(needed_by):
            return None
        try:
            return ask_for()
        except RefusedError:
            return None

    over_vici = ask(lambda: charon.loaded_connections(client), "connections", "counters")
    return Told(
        version=ask(lambda: query.version(client), "daemon"),
        stats=ask(lambda: query.stats(client), "stats", "plugins"),
        algorithms=ask(lambda: query.algorithms(client), "algorithms"),
        connections=ask(lambda: query.connections(client, names), "connections"),
        over_vici=over_vici,
        ike_sas=ask(lambda: query.ike_sas(client, names), "ike_sas"),
        policies=ask(lambda: query.policies(client, names), "policies"),
        pools=ask(lambda: query.pools(client), "pools"),
        certificates=ask(lambda: query.certificates(client), "certificates"),
        authorities=ask(lambda: query.authorities(client), "authorities"),
        secrets=ask(lambda: charon.loaded_secrets(client), "secrets"),
        private_keys=ask(lambda: query.private_keys(client), "private_keys"),
        counters=ask(
            lambda: query.counters(client, sorted(over_vici or ()) if names is None else names),
            "counters",
        ),
    )
