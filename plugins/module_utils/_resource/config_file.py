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
    StrongswanError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
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
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.store import (
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
        files = read_files(params["directory"])
        swanctl = swanctl_directory(params["directory"])
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
        return Found(files, loaded, missing, version, sas)

    def nothing(self) -> Found:
        return Found()

    def apply(self, host: Host, params: Params, plan: Plan[FileStep], done: Done) -> None:
        """Load all that is new, then write the files, then remove what is no longer wanted.

        charon judges a connection only when it is loaded: so nothing is written before all were
        accepted, and those accepted before a refusal are taken back.
        """
        swanctl = swanctl_directory(params["directory"])
        puts = [
            (change, step)
            for change in plan.changes
            for step in change.steps
            if isinstance(step, Put)
        ]
        messages = {
            step.path: self.message(step.section, swanctl) for _change, step in puts if step.load
        }
        with _client(params) as client:
            open_puts: t.List[Put] = []
            try:
                for _change, step in puts:
                    if step.load:
                        self._load(client, step, messages[step.path])
                        open_puts.append(step)
                for change, step in puts:
                    if step.write:
                        host.write_file(step.path, step.text, MODE)
                    if step.load:
                        open_puts.remove(step)
                    done(change)
            except StrongswanError as error:
                if not isinstance(error, VanishedError):
                    self._take_back(host, client, open_puts, swanctl)
                raise
            for change in plan.changes:
                for drop in change.steps:
                    if isinstance(drop, Drop):
                        self._drop(host, client, drop)
                        done(change)

    def _load(self, client: Client, step: Put, message: Message) -> None:
        try:
            self.load(client, step.section.name, message)
        except RefusedError as error:
            raise CharonError(
                f"{step.object}: charon refused it: {error.reason}. Its file and what charon held"
                " before are as they were; correct the option that charon names, its log"
                " (journalctl -u strongswan) may say more"
            ) from error

    def _take_back(self, host: Host, client: Client, steps: t.Sequence[Put], swanctl: str) -> None:
        for step in reversed(steps):
            try:
                if step.former is not None:
                    message = self.message(step.former, swanctl)
                    self.load(client, step.former.name, message)
                else:
                    self.unload(client, step.section.name)
            except (StrongswanError, ValueError, KeyError) as error:
                host.warn(f"{step.object}: charon could not be given back the former one: {error}")

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


def _client(params: Params) -> Client:
    return Client(params["socket"], float(params["timeout"]))
