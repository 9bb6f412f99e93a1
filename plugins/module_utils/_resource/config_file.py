# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the resources share whose objects are files for swanctl, loaded through vici."""

from __future__ import annotations

import os
import typing as t
from abc import abstractmethod

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    DependencyError,
    FileError,
    StrongswanError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change, Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    MODE,
    Drop,
    FileStep,
    Found,
    Put,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Done,
    Params,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._staged import staged_path
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.store import (
    read_cut_off,
    read_files,
    swanctl_directory,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
    RefusedError,
    VanishedError,
)

Message = t.Dict[str, t.Any]


class FileResource(Resource[ConfigObject, Found, FileStep]):
    """Objects that are files for swanctl, loaded through vici."""

    @abstractmethod
    def loaded(self, client: Client) -> t.FrozenSet[str]:
        """Return the names that charon holds."""

    @abstractmethod
    def message(self, section: Section, swanctl: str) -> Message:
        """Return what charon gets for a section; reads the files that it names."""

    @abstractmethod
    def load(self, client: Client, name: str, message: Message) -> None:
        """Load an object into charon."""

    @abstractmethod
    def unload(self, client: Client, name: str) -> None:
        """Unload an object from charon."""

    def version(self, _client: Client) -> str:
        """Return charon's version if the plan asks for it."""
        return ""

    def sas(self, _client: Client) -> t.Dict[str, t.Tuple[IkeSa, ...]]:
        """Return the live SAs by connection if the plan asks for them."""
        return {}

    def files_of(self, _section: Section, _swanctl: str) -> t.List[str]:
        """Return the files that a section names and whose content goes to charon."""
        return []

    def read(self, host: Host, params: Params, wanted: t.Sequence[ConfigObject]) -> Found:
        directory = params["directory"]
        if not host.check_mode:
            host.hold(directory, float(params["timeout"]))
        files = read_files(directory)
        cut_off = read_cut_off(directory)
        swanctl = swanctl_directory(directory)
        missing = {
            one.name: [
                path for path in self.files_of(one.section, swanctl) if not os.path.exists(path)
            ]
            for one in wanted
            if one.present
        }
        try:
            with _client(params) as client:
                loaded = self.loaded(client)
                version = self.version(client)
                sas = self.sas(client)
        except DependencyError as error:
            if not host.check_mode:
                raise
            host.warn(f"{error}. Check mode goes on as if charon held nothing yet.")
            loaded, version, sas = frozenset(), "", {}
        return Found(files, loaded, missing, version, sas, cut_off=cut_off)

    def nothing(self) -> Found:
        return Found()

    def apply(self, host: Host, params: Params, plan: Plan[FileStep], done: Done) -> None:
        """Load all that is new, then put the files in their places, then remove what is not wanted.

        charon judges a connection only when it is loaded: so no file is replaced before all were
        accepted, and those accepted before a refusal are taken back. The new contents are beside
        the files before the first is loaded: from them the next run sees that one was cut off.
        """
        puts = [
            (change, step)
            for change in plan.changes
            for step in change.steps
            if isinstance(step, Put)
        ]
        self._put(host, params, puts, done)
        with _client(params) as client:
            for change in plan.changes:
                for drop in change.steps:
                    if isinstance(drop, Drop):
                        self._drop(host, client, drop)
                        done(change)

    def _put(
        self,
        host: Host,
        params: Params,
        puts: t.Sequence[t.Tuple[Change[FileStep], Put]],
        done: Done,
    ) -> None:
        swanctl = swanctl_directory(params["directory"])
        loads = [step for _change, step in puts if step.load]
        items = [(step.section.name, self.message(step.section, swanctl)) for step in loads]
        staged = host.stage()
        staged.write({step.path: step.text for _change, step in puts if step.write}, MODE)
        held = {step.path: step for step in loads}  # charon may hold these, and no file has them
        try:
            with _client(params) as client:
                outcomes = list(self.load_all(client, items))
            held = {step.path: step for step, refusal in zip(loads, outcomes) if refusal is None}
            for step, refusal in zip(loads, outcomes):
                if refusal is not None:
                    raise _refused(step, refusal)
            for change, step in puts:
                if step.write:
                    staged.place(step.path)
                elif step.leftover:
                    host.remove_file(staged_path(step.leftover))
                held.pop(step.path, None)
                done(change)
            staged.finish()
        except StrongswanError as error:
            lost: t.Set[str] = set()
            if not isinstance(error, VanishedError):
                lost = self._take_back(host, params, list(held.values()), swanctl)
            staged.discard(path for path in staged.waiting if path not in lost)
            raise

    def load_all(
        self, client: Client, items: t.Sequence[t.Tuple[str, Message]]
    ) -> t.Iterator[t.Optional[RefusedError]]:
        """Load objects by their names, and yield for each whether charon refused it.

        Ends after a refusal, at once or soon.
        """
        for name, message in items:
            try:
                self.load(client, name, message)
            except RefusedError as error:
                yield error
                return
            yield None

    def _take_back(
        self, host: Host, params: Params, steps: t.Sequence[Put], swanctl: str
    ) -> t.Set[str]:
        """Give charon what it held before; return the paths of those where that failed."""
        lost = {step.path: step for step in steps}
        problem: t.Optional[Exception] = None
        try:
            with _client(params) as client:
                loaded = self.loaded(client)
                for step in reversed(steps):
                    try:
                        self._restore(client, step, loaded, swanctl)
                        del lost[step.path]
                    except (RefusedError, FileError, ValueError, KeyError) as error:
                        problem = error
        except StrongswanError as error:
            problem = error
        if lost:
            names = ", ".join(step.object for step in lost.values())
            host.warn(
                f"{names}: charon could not be given back what it held before: {problem}; the next"
                " run that changes or finds them as wanted loads them again"
            )
        return set(lost)

    def _restore(self, client: Client, step: Put, loaded: t.FrozenSet[str], swanctl: str) -> None:
        if step.former is not None:
            self.load(client, step.former.name, self.message(step.former, swanctl))
        elif step.section.name in loaded:
            self.unload(client, step.section.name)

    def _drop(self, host: Host, client: Client, step: Drop) -> None:
        for name in step.unload:
            try:
                self.unload(client, name)
            except RefusedError as error:
                raise CharonError(
                    f"{step.object}: charon refused to unload it: {error.reason}; its file is kept"
                ) from error
        if step.path:
            host.remove_file(step.path)
        if step.leftover:
            host.remove_file(staged_path(step.leftover))


def _refused(step: Put, error: RefusedError) -> CharonError:
    refused = CharonError(
        f"{step.object}: charon refused it: {error.reason}. Its file and what charon held"
        " before are as they were; correct the option that charon names, its log"
        " (journalctl -u strongswan) may say more"
    )
    refused.__cause__ = error
    return refused


def _client(params: Params) -> Client:
    return Client(params["socket"], float(params["timeout"]))
