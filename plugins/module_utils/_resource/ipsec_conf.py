# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections of ipsec.conf, for the runner."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    DependencyError,
    StrongswanError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.candidate import (
    check_candidate,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.files import CONF, Place
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.starter import Starter
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.store import read_files
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.wanted import (
    WantedConn,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.ipsec_conf import (
    check_conns,
    conn_result,
    parse_conn,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.ipsec_conf import (
    ConnStep,
    FoundConns,
    Step,
    plan_conns,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.ipsec_include import (
    FileStep,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Done,
    Params,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import ipsec_conf as spec

_INERT = "    auto=ignore\n"  # after a section, as the last value counts


class IpsecConf(Resource[WantedConn, FoundConns, Step]):
    """The connections of a host whose charon is run by starter."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL
    quiet = True

    def parse(self, entry: Params) -> WantedConn:
        return parse_conn(entry)

    def check(self, wanted: t.Sequence[WantedConn]) -> None:
        check_conns(wanted)

    def read(self, host: Host, params: Params, wanted: t.Sequence[WantedConn]) -> FoundConns:
        files = read_files(_place(params))
        try:
            loaded = _starter(host, params).loaded()
        except DependencyError as error:
            if not host.check_mode:
                raise
            host.warn(f"{error}. Check mode goes on as if charon held nothing yet.")
            loaded = frozenset()
        return FoundConns(files, loaded)

    def nothing(self) -> FoundConns:
        return FoundConns()

    def plan(self, wanted: t.Sequence[WantedConn], found: FoundConns, params: Params) -> Plan[Step]:
        return plan_conns(wanted, found, Policy.of(params), _place(params))

    def result(self, wanted: t.Sequence[WantedConn]) -> t.List[t.Dict[str, t.Any]]:
        return [conn_result(one) for one in wanted]

    def apply(self, host: Host, params: Params, plan: Plan[Step], done: Done) -> None:
        """Let starter judge the new files, then write and load them; on a refusal take all back.

        Secrets come first, as a connection may be initiated when it is loaded.
        """
        starter, place = _starter(host, params), _place(params)
        steps = [step for change in plan.changes for step in change.steps]
        conns = [step for step in steps if isinstance(step, ConnStep)]
        files = [step for step in steps if isinstance(step, FileStep)]
        files += [file for conn in conns for file in conn.files]
        texts = {file.path: file.text for file in files}
        check_candidate(host, starter, place, texts)
        host.make_folder(place.directory)
        started = time.time()
        try:
            self._write(host, files)
            self._load(starter, files)
            self._forget(starter, conns)
            lacking = _lacking(starter, conns)
            if lacking:
                self._load_anew(host, starter, lacking)
                lacking = _lacking(starter, lacking)
            _check(starter, lacking, started)
        except StrongswanError:
            self._take_back(host, starter, files)
            raise
        for change in plan.changes:
            done(change)

    def _load_anew(self, host: Host, starter: Starter, conns: t.Sequence[ConnStep]) -> None:
        """Let starter forget connections and load them again.

        If it loaded them before and charon lost them, it would not load them, as nothing in them
        changed.
        """
        files = [
            file
            for conn in conns
            for file in conn.files
            if _is_conf(file.path) and file.text is not None
        ]
        for file in files:
            host.write_file(file.path, f"{file.text}{_INERT}", file.mode)
        starter.update()
        self._write(host, files)
        starter.update()

    @staticmethod
    def _write(host: Host, files: t.Sequence[FileStep]) -> None:
        for file in files:
            if file.text is None:
                host.remove_file(file.path)
            else:
                host.write_file(file.path, file.text, file.mode)

    @staticmethod
    def _load(starter: Starter, files: t.Sequence[FileStep]) -> None:
        conf = [file for file in files if _is_conf(file.path)]
        if len(conf) < len(files):
            starter.reread_secrets()
        if conf:
            starter.update()

    @staticmethod
    def _forget(starter: Starter, conns: t.Sequence[ConnStep]) -> None:
        for conn in conns:
            if conn.loaded is False and not conn.files:
                starter.forget(conn.name)

    def _take_back(self, host: Host, starter: Starter, files: t.Sequence[FileStep]) -> None:
        try:
            self._write(
                host,
                [
                    FileStep(
                        file.path,
                        file.former.text if file.former else None,
                        file.former.mode if file.former else file.mode,
                    )
                    for file in files
                ],
            )
            self._load(starter, files)
        except StrongswanError as error:
            host.warn(f"The former files could not be put back and loaded: {error}")


def _lacking(starter: Starter, conns: t.Sequence[ConnStep]) -> t.List[ConnStep]:
    """Return the connections that charon should hold and does not, or the other way."""
    loaded = starter.loaded()
    return [
        conn for conn in conns if conn.loaded is not None and (conn.name in loaded) != conn.loaded
    ]


def _check(starter: Starter, lacking: t.Sequence[ConnStep], started: float) -> None:
    """Check that charon took what it was to take.

    :raises CharonError: it did not.
    """
    for conn in lacking:
        if conn.loaded:
            words = starter.words_since(started)
            raise CharonError(
                f"{conn.object}: charon refused it: {words or 'it does not say why'}. The files are"
                " as they were; correct the option, the log may say more (journalctl -u"
                " strongswan-starter)"
            )
        raise CharonError(f"{conn.object}: charon still holds it after ipsec update; see its log")


def _is_conf(path: str) -> bool:
    return path.endswith(CONF)


def _place(params: Params) -> Place:
    return Place(params["config_file"], params["secrets_file"], params["directory"].rstrip("/"))


def _starter(host: Host, params: Params) -> Starter:
    return Starter(host, params["command"], float(params["timeout"]))
