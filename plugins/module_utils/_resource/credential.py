# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys and certificates of a host: read, load into charon, write and remove."""

from __future__ import annotations

import datetime
import os
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    DependencyError,
    InputError,
    StrongswanError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.credential import (
    Credential,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential import (
    DropCredential,
    PutCredential,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential_found import (
    CredentialFile,
    FoundCredentials,
    Opened,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Done, Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.credential_files import (
    read_credential_files,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.passphrase import opened
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.credential_types import (
    CERTIFICATES,
    CONTAINER,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    PASSPHRASE,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
    RefusedError,
)

Configs = t.Mapping[str, ConfigFile]
Puts = t.Sequence[t.Tuple[Change[t.Any], PutCredential]]


def read_credentials(
    host: Host, params: Params, wanted: t.Sequence[Credential], swanctl: str, configs: Configs
) -> FoundCredentials:
    """Return the keys and certificates that a host has, and what is needed to compare them."""
    files = read_credential_files(swanctl)
    keys: t.FrozenSet[str] = frozenset()
    certificates: t.FrozenSet[bytes] = frozenset()
    try:
        with client_of(params) as client:
            keys, certificates = charon.loaded_keys(client), charon.loaded_certificates(client)
    except DependencyError:
        if not host.check_mode:
            raise
    owners = {}
    sealed_ids = {}
    by_path = {f"{swanctl}/{one.file}": one for one in wanted}
    for path, file in files.items():
        config = configs.get(PASSPHRASE.path(params["directory"], _name(path)))
        if config is None:
            continue
        if config.owner and not file.owner:
            owners[path] = config.owner
        one = by_path.get(path)
        if one is None or not one.present or not file.same(one):
            sealed_ids[path] = _ids(file, config)
    return FoundCredentials(
        datetime.datetime.now(datetime.timezone.utc),
        files,
        keys,
        certificates,
        _open_wanted(host, wanted),
        owners,
        sealed_ids,
    )


def _name(path: str) -> str:
    """Return the name of the section with a file's passphrase."""
    folder, file = path.split("/")[-2:]
    return f"{folder}-{file.rpartition('.')[0]}"


def _open_wanted(host: Host, wanted: t.Sequence[Credential]) -> t.Dict[str, Opened]:
    found = {}
    for one in wanted:
        if not one.present or not one.sealed:
            continue
        data = one.block.text.encode() if one.block else one.container
        try:
            found[one.object] = opened(one.object, one.type, data, one.passphrase)
        except DependencyError as error:
            if not host.check_mode:
                raise
            host.warn(f"{error}. Check mode goes on without a look into it.")
    return found


def _ids(file: CredentialFile, config: ConfigFile) -> t.Tuple[str, ...]:
    """Return the ids of the keys in a file with a passphrase, if it can be opened."""
    section = config.root.children(PASSPHRASE.group).get(_name(file.path))
    passphrase = section.settings.get("secret", "") if section else ""
    kind = file.path.split("/")[-2]
    if kind != CONTAINER and not (file.block and file.block.encrypted):
        return ()
    try:
        return opened(file.path, kind, file.data, passphrase).key_ids
    except (DependencyError, InputError):
        return ()


def put(host: Host, client: Client, puts: Puts, done: Done) -> None:
    """Load all into charon, then write the files; take the keys back if anything fails.

    :raises CharonError: charon refused a key or certificate; nothing was written.
    """
    before = charon.loaded_keys(client)
    loaded: t.List[str] = []
    try:
        for _change, step in puts:
            if step.opened:
                _load(client, step, step.opened, loaded)
        for change, step in puts:
            if step.write:
                host.make_folder(os.path.dirname(step.path))
                host.write_bytes(step.path, step.data, step.mode)
            done(change)
    except StrongswanError:
        for key_id in set(loaded) - before:
            _forget(host, client, key_id)
        raise
    for _change, step in puts:
        for key_id in step.forget:
            _forget(host, client, key_id)


def drop(host: Host, client: Client, step: DropCredential) -> None:
    """Remove a file, and let charon forget its keys."""
    for key_id in step.forget:
        _forget(host, client, key_id)
    host.remove_file(step.path)


def client_of(params: Params) -> Client:
    """Return a client of charon's socket."""
    return Client(params["socket"], float(params["timeout"]))


def _load(client: Client, step: PutCredential, opened: Opened, loaded: t.List[str]) -> None:
    certificate = step.type if step.type in CERTIFICATES else "x509"
    kind = step.type if step.type in {"rsa", "ecdsa"} else "any"
    try:
        loaded += [charon.load_key(client, kind, data) for data in opened.keys]
        for data in opened.certificates:
            charon.load_certificate(client, certificate, data)
    except RefusedError as error:
        raise CharonError(
            f"{step.object}: charon refused it: {error.reason}. No file was written; expected a"
            f" {step.type} that charon's plugins can read, its log (journalctl -u strongswan) may"
            " say more"
        ) from error


def _forget(host: Host, client: Client, key_id: str) -> None:
    try:
        charon.unload_key(client, key_id)
    except RefusedError as error:
        host.warn(f"private key {key_id}: charon does not forget it: {error.reason}")
