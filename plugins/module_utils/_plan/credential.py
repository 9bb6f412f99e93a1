# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan keys and certificates: files in swanctl's folders, loaded into charon (pure)."""

from __future__ import annotations

import hashlib
import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.credential import (
    Credential,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.der import DerError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.key_id import (
    id_of_private_key,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.pem import Block
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    Plan,
    State,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_state import (
    HIDDEN,
    HIDDEN_NEW,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential_check import (
    check_keys,
    check_time,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential_found import (
    CredentialFile,
    FoundCredentials,
    Opened,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.credential_types import (
    CERTIFICATES,
)

KEY_MODE = 0o600
CERTIFICATE_MODE = 0o644
STAYS = (
    "charon keeps it in memory: it has no command to forget one certificate. Restart it, or let"
    " it load all credentials anew with 'swanctl --load-creds --clear --noprompt'"
)


@dataclass(frozen=True)
class PutCredential:
    """Load keys and certificates into charon, then write their file, then forget former keys.

    O(opened) is None where nothing is to be loaded.
    """

    object: str
    path: str
    type: str
    data: bytes = field(repr=False)
    mode: int
    opened: t.Optional[Opened]
    write: bool
    forget: t.Tuple[str, ...] = ()


@dataclass(frozen=True)
class DropCredential:
    """Remove a file and let charon forget its keys."""

    object: str
    path: str
    forget: t.Tuple[str, ...]


CredentialStep = t.Union[PutCredential, DropCredential]
CredentialChange = Change[CredentialStep]


def plan_credentials(
    wanted: t.Sequence[Credential], found: FoundCredentials, policy: Policy, swanctl: str
) -> Plan[CredentialStep]:
    """Return what to change so that files and charon hold the wanted keys and certificates.

    :raises ConflictError: a file belongs to somebody else, or a certificate has another key.
    :raises InputError: a certificate has expired.
    """
    paths = {f"{swanctl}/{one.file}": one for one in wanted}
    gone = {path for path, one in paths.items() if not one.present and path in found.files}
    if policy.purge:
        gone |= {
            path
            for path, file in found.files.items()
            if path not in paths and found.owner_of(file) == policy.owner
        }
    check_keys(wanted, found, swanctl, gone)
    warnings: t.List[str] = []
    changes: t.List[CredentialChange] = []
    in_use = _in_use(paths, found, gone)
    for path, one in paths.items():
        if one.present:
            changes += _present(one, path, found, policy, in_use, warnings)
    for path in sorted(gone):
        changes.append(_remove(path, found, policy, path in paths, in_use, warnings))
    return Plan(tuple(changes), tuple(warnings))


def _present(
    one: Credential,
    path: str,
    found: FoundCredentials,
    policy: Policy,
    in_use: t.Set[str],
    warnings: t.List[str],
) -> t.List[CredentialChange]:
    file = found.files.get(path)
    mode = KEY_MODE if one.is_key else CERTIFICATE_MODE
    content = one.content(policy.owner)
    opened = found.opened_of(one)
    loaded = opened is None or found.holds(opened)
    warning = check_time(one, found.now, new=file is None or not file.same(one))
    if warning:
        warnings.append(warning)
    actions: t.List[Action] = []
    same = False
    if file is None:
        actions.append(Action("create", "it does not exist"))
    else:
        owner = found.owner_of(file)
        same = file.same(one)
        policy.may_touch(one.object, owner, "" if same else "its content differs")
        if owner != policy.owner:
            holder = f"owner '{owner}'" if owner else "nobody of this collection"
            actions.append(Action("adopt", f"it belongs to {holder}"))
        if not same:
            actions.append(Action("change", "its content differs"))
        elif owner == policy.owner and file.data != content:
            actions.append(Action("change", "the file's text differs, not what it holds"))
        if file.mode != mode:
            actions.append(
                Action("change", f"the file's mode is {file.mode:04o}, wanted {mode:04o}")
            )
    write = bool(actions)
    if same and not loaded:
        actions.append(Action("load", "not loaded in the daemon"))
    if not actions:
        return []
    load = not same or not loaded
    forget = tuple(sorted(_ids(file, found) - in_use)) if load else ()
    step = PutCredential(
        *(one.object, path, one.type, content, mode),
        opened=opened if load else None,
        write=write,
        forget=forget,
    )
    before = None
    if file is not None:
        before = _state(one.is_key, found.owner_of(file), file.block, loaded and same)
    after = _state(one.is_key, policy.owner, one.block, loaded=True)
    if one.is_key and file is not None and not same:
        after = {**after, "content": HIDDEN_NEW}
    return [Change(one.object, tuple(actions), before, after, (step,))]


def _remove(
    path: str,
    found: FoundCredentials,
    policy: Policy,
    listed: bool,
    in_use: t.Set[str],
    warnings: t.List[str],
) -> CredentialChange:
    file = found.files[path]
    kind, name = path.split("/")[-2:]
    what = f"{kind} {name.rpartition('.')[0]}"
    reason = f"purge: owner '{policy.owner}' no longer lists it"
    if listed:
        policy.may_touch(what, found.owner_of(file), "it is to be removed")
        reason = "state is absent"
    is_key = kind not in CERTIFICATES
    held = not is_key and file.block is not None and file.block.data in found.certificates
    if held:
        warnings.append(f"{what}: {STAYS}")
    before = _state(is_key, found.owner_of(file), file.block, loaded=held)
    step = DropCredential(what, path, tuple(sorted(_ids(file, found) - in_use)))
    return Change(what, (Action("remove", reason),), before, None, (step,))


def _in_use(
    paths: t.Mapping[str, Credential], found: FoundCredentials, gone: t.Container[str]
) -> t.Set[str]:
    """Return the ids of the private keys that stay, so that no file's removal forgets them."""
    ids: t.Set[str] = set()
    for one in paths.values():
        opened = found.opened_of(one) if one.present and one.is_key else None
        ids.update(opened.key_ids if opened else ())
    for path, file in found.files.items():
        if path not in paths and path not in gone:
            ids |= _ids(file, found)
    return ids


def _ids(file: t.Optional[CredentialFile], found: FoundCredentials) -> t.Set[str]:
    """Return the ids of the private keys in a file that charon holds."""
    if file is None:
        return set()
    block = file.block
    ids = set(found.sealed_ids.get(file.path, ()))
    if block is not None and block.is_private and not block.encrypted:
        ids.add(_tried_id(block.data))
    return ids & found.keys


def _tried_id(data: bytes) -> str:
    try:
        return id_of_private_key(data)
    except DerError:
        return ""


def _state(is_key: bool, owner: t.Optional[str], block: t.Optional[Block], loaded: bool) -> State:
    state: t.Dict[str, t.Any] = {"owner": owner}
    if is_key or block is None:
        state["content"] = HIDDEN
    else:
        state["sha256"] = hashlib.sha256(block.data).hexdigest()
    return {**state, "loaded": loaded}
