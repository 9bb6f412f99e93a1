# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan secrets, keys and certificates (pure): files and charon, and a warning of weak ones."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.credential import (
    Credential,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.secret import (
    SecretEntry,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.certificate_users import (
    Reload,
    reloads,
    warnings_of_loss,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    Plan,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    Drop,
    FileStep,
    Found,
    plan_files,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential import (
    CredentialStep,
    DropCredential,
    PutCredential,
    plan_credentials,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential_found import (
    FoundCredentials,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lint_secret import lint_secrets
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.credential_types import (
    SHARED,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    PASSPHRASE,
    SECRET,
    ObjectKind,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import SyntaxFault
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject

SecretStep = t.Union[FileStep, CredentialStep, Reload]


@dataclass(frozen=True)
class FoundSecrets:
    """What a host has: swanctl.conf's files, keys and certificates, connections in charon."""

    config: Found
    credentials: FoundCredentials
    connections: t.FrozenSet[str] = field(default=frozenset())


def plan_entries(
    wanted: t.Sequence[SecretEntry],
    found: FoundSecrets,
    policy: Policy,
    directory: str,
    swanctl: str,
) -> Plan[SecretStep]:
    """Return what to change so that files and charon hold what is wanted.

    :raises ConflictError: a name is taken in another file, a file belongs to somebody else, or a
        certificate has another key.
    :raises InputError: a certificate has expired.
    """
    shared = [one.config for one in wanted if one.config and one.type in SHARED]
    passphrases = [one.config for one in wanted if one.config and one.type not in SHARED]
    credentials = [one.credential for one in wanted if one.credential]
    plans: t.List[Plan[t.Any]] = []
    if credentials or policy.purge:
        there = _without(SECRET, found.config)
        plans.append(_plan_credentials(credentials, found, policy, swanctl))
        plans.append(plan_files(PASSPHRASE, passphrases, there, policy, directory))
    there = _without(PASSPHRASE, found.config)
    plans.append(plan_secrets(shared, there, policy, directory))
    changes = tuple(change for plan in plans for change in plan.changes)
    warnings = tuple(dict.fromkeys(warning for plan in plans for warning in plan.warnings))
    return Plan(changes, warnings)


def plan_secrets(
    wanted: t.Sequence[ConfigObject], found: Found, policy: Policy, directory: str
) -> Plan[FileStep]:
    """Return what to change so that files and charon hold the wanted shared secrets.

    :raises ConflictError: a name is taken in another file, or a file belongs to somebody else.
    """
    plan = plan_files(SECRET, wanted, found, policy, directory)
    former = [_former_type(one, found, directory) for one in wanted if one.present]
    return replace(
        plan,
        changes=(*plan.changes, *(change for change in former if change)),
        warnings=(*plan.warnings, *lint_secrets(wanted)),
    )


def _plan_credentials(
    wanted: t.Sequence[Credential], found: FoundSecrets, policy: Policy, swanctl: str
) -> Plan[SecretStep]:
    plan = plan_credentials(wanted, found.credentials, policy, swanctl)
    steps = [step for change in plan.changes for step in change.steps]
    written = [step.path for step in steps if isinstance(step, PutCredential) and step.opened]
    gone = [step.path for step in steps if isinstance(step, DropCredential)]
    again = reloads(written, found.config, found.connections, swanctl)
    warnings = (*plan.warnings, *warnings_of_loss(gone, found.config, swanctl))
    changes: t.List[Change[t.Any]] = [*plan.changes, *again]
    return Plan(tuple(changes), warnings)


def _former_type(one: ConfigObject, found: Found, directory: str) -> t.Optional[Change[FileStep]]:
    """Return the removal of a secret that charon holds by its former type."""
    names = {f"{kind}-{one.name}" for kind in SHARED} - {one.section.name}
    file = found.files.get(one.kind.path(directory, one.name))
    if file is None or not names & found.loaded:
        return None
    former = tuple(sorted(names & found.loaded & set(file.root.children(one.kind.group))))
    if not former:
        return None
    reason = f"it becomes {one.section.name}"
    step = Drop(one.object, "", former)
    before = {"loaded": ", ".join(former)}
    return Change(one.object, (Action("remove", reason),), before, None, (step,))


def _without(kind: ObjectKind, found: Found) -> Found:
    """Return what was found without another kind's broken files: they are its business."""
    files = {
        path: file
        for path, file in found.files.items()
        if not (kind.owns(path) and isinstance(file.parsed, SyntaxFault))
    }
    return replace(found, files=files)
