# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets, keys and certificates, for the runner."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    DependencyError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.secret import (
    SecretEntry,
    check_entries,
    entry_result,
    parse_entry,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.certificate_users import Reload
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change, Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    Drop,
    Found,
    Put,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential import (
    DropCredential,
    PutCredential,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential_found import (
    FoundCredentials,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.secret import (
    FoundSecrets,
    SecretStep,
    plan_entries,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource import credential
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Done,
    Params,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.shared_secret import (
    SecretSections,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import secret as spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.message import (
    connection_message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    PASSPHRASE,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.store import (
    read_blob,
    swanctl_directory,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
    RefusedError,
)


class SecretFiles(Resource[SecretEntry, FoundSecrets, SecretStep]):
    """The secrets, private keys and certificates of a host."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL
    quiet = True
    sections = SecretSections()

    def parse(self, entry: Params) -> SecretEntry:
        return parse_entry(entry)

    def check(self, wanted: t.Sequence[SecretEntry]) -> None:
        check_entries(wanted)

    def read(self, host: Host, params: Params, wanted: t.Sequence[SecretEntry]) -> FoundSecrets:
        config = self.sections.read(host, params, [one.config for one in wanted if one.config])
        config = replace(config, loaded=config.loaded | _passphrases(config))
        credentials = [one.credential for one in wanted if one.credential]
        if not credentials and not params["purge"]:
            return FoundSecrets(config, _no_credentials())
        swanctl = swanctl_directory(params["directory"])
        found = credential.read_credentials(host, params, credentials, swanctl, config.files)
        return FoundSecrets(config, found, _connections(host, params))

    def nothing(self) -> FoundSecrets:
        return FoundSecrets(Found(), _no_credentials())

    def plan(
        self, wanted: t.Sequence[SecretEntry], found: FoundSecrets, params: Params
    ) -> Plan[SecretStep]:
        swanctl = swanctl_directory(params["directory"])
        return plan_entries(wanted, found, Policy.of(params), params["directory"], swanctl)

    def result(self, wanted: t.Sequence[SecretEntry]) -> t.List[t.Dict[str, t.Any]]:
        return [entry_result(one) for one in wanted]

    def apply(self, host: Host, params: Params, plan: Plan[SecretStep], done: Done) -> None:
        """Load and write all that is new, then remove what is no longer wanted.

        Connections come last: charon gets their certificates with them, from the files.
        """
        changes = _by_step(plan)
        if changes[PutCredential]:
            with credential.client_of(params) as client:
                credential.put(host, client, changes[PutCredential], done)
        sections = tuple(change for change, _step in (*changes[Put], *changes[Drop]))
        if sections:
            self.sections.apply(host, params, Plan(sections), done)
        if changes[DropCredential] or changes[Reload]:
            swanctl = swanctl_directory(params["directory"])
            with credential.client_of(params) as client:
                for change, step in changes[DropCredential]:
                    credential.drop(host, client, step)
                    done(change)
                for change, step in changes[Reload]:
                    _reload(client, step, swanctl)
                    done(change)


def _by_step(
    plan: Plan[SecretStep],
) -> t.Dict[t.Any, t.List[t.Tuple[Change[t.Any], t.Any]]]:
    """Return changes with their step, by the kind of the step: each change here has one."""
    kinds = (PutCredential, DropCredential, Reload, Put, Drop)
    found: t.Dict[t.Any, t.List[t.Tuple[Change[t.Any], t.Any]]] = {kind: [] for kind in kinds}
    for change in plan.changes:
        for step in change.steps:
            found[type(step)].append((change, step))
    return found


def _passphrases(config: Found) -> t.FrozenSet[str]:
    """Return the sections with passphrases: charon never gets them, so none is to be loaded."""
    return frozenset(
        name
        for path, file in config.files.items()
        if PASSPHRASE.owns(path)
        for name in file.root.children(PASSPHRASE.group)
    )


def _connections(host: Host, params: Params) -> t.FrozenSet[str]:
    try:
        with credential.client_of(params) as client:
            return charon.loaded_connections(client)
    except DependencyError:
        if not host.check_mode:
            raise
        return frozenset()


def _reload(client: Client, step: Reload, swanctl: str) -> None:
    message = connection_message(step.section, swanctl, read_blob)
    try:
        charon.load_connection(client, step.section.name, message)
    except RefusedError as error:
        raise CharonError(
            f"{step.object}: charon refused it with the new certificate: {error.reason}; it holds"
            " it as before. Run strongswan_conn for it, or correct the certificate"
        ) from error


def _no_credentials() -> FoundCredentials:
    return FoundCredentials(datetime.datetime.now(datetime.timezone.utc))
