# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan objects of swanctl.conf, each in a file of its own and loaded into charon (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    Plan,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_state import (
    changed_settings,
    file_state,
    wanted_state,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import Formers
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.included import not_included
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.surroundings import (
    Surroundings,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    ObjectKind,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import SyntaxFault
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject

MODE = 0o600
NOT_LOADED = "not loaded in the daemon"
CUT_OFF = "an earlier run was cut off while it changed this; charon may hold something else"


@dataclass(frozen=True)
class Put:
    """Load a section into charon, then write its file.

    O(former) is what charon goes back to if that fails; None if it held nothing of this name.
    O(leftover) is the place where an earlier run left a content, empty if none did.
    """

    object: str
    path: str
    text: str
    section: Section
    load: bool
    write: bool
    former: t.Optional[Section] = None
    leftover: str = ""


@dataclass(frozen=True)
class Drop:
    """Unload sections from charon, then remove their file; O(path) is empty if there is none."""

    object: str
    path: str
    unload: t.Tuple[str, ...]
    leftover: str = ""


FileStep = t.Union[Put, Drop]
FileChange = Change[FileStep]


@dataclass(frozen=True)
class Found:
    """What the host holds: files by path, the names that charon holds, files that are missing.

    O(missing) are certificates that wanted objects name, by the object's name. O(version) is
    charon's, empty if it is not known. Of connections only: O(sas) are the live SAs, O(formers) the
    configurations that these may have, by the connection's name, O(now) is the monotonic time,
    O(holders) are the connections by the names of their children, and O(surroundings) tell whether they can work.
    O(cut_off) are the contents that an earlier run did not put in their places, by these.
    """

    files: t.Mapping[str, ConfigFile] = field(default_factory=dict)
    loaded: t.FrozenSet[str] = frozenset()
    missing: t.Mapping[str, t.Sequence[str]] = field(default_factory=dict)
    version: str = ""
    sas: t.Mapping[str, t.Tuple[IkeSa, ...]] = field(default_factory=dict)
    formers: t.Mapping[str, Formers] = field(default_factory=dict)
    now: float = 0
    holders: t.Mapping[str, str] = field(default_factory=dict)
    surroundings: Surroundings = field(default_factory=Surroundings)
    cut_off: t.Mapping[str, ConfigFile] = field(default_factory=dict)


def plan_files(
    kind: ObjectKind,
    wanted: t.Sequence[ConfigObject],
    found: Found,
    policy: Policy,
    directory: str,
) -> Plan[FileStep]:
    """Return what to change so that files and charon hold the wanted objects, and no others.

    Removals come last, so that nothing is taken away before the new objects are accepted.

    :raises ConflictError: a name is taken in another file, or a file belongs to somebody else.
    """
    texts = {
        kind.path(directory, one.name): one.text(policy.owner) for one in wanted if one.present
    }
    found = _recognised(kind, wanted, found, texts, directory)
    warnings: t.List[str] = []
    if any(one.present for one in wanted):
        warnings += not_included(kind, found.files, directory)
    elsewhere = _definitions(kind, found)
    changes: t.List[FileChange] = []
    removals: t.List[FileChange] = []
    for one in wanted:
        path = kind.path(directory, one.name)
        _check_elsewhere(one, path, elsewhere, found)
        if one.present:
            _check_missing(one, found, policy, warnings)
            changes += _present(one, path, texts[path], found, policy)
        else:
            removals += _absent(one, path, found, policy)
    if policy.purge:
        listed = {kind.path(directory, one.name) for one in wanted}
        removals += [
            _remove(kind, file, found, f"purge: owner '{policy.owner}' no longer lists it")
            for path, file in found.files.items()
            if path == kind.path(directory, kind.name_of(path))
            and kind.owns(path)
            and path not in listed
            and file.owner == policy.owner
        ]
        removals += _remnants(kind, found, policy, listed)
    plan = Plan((*changes, *removals))
    written = {step.path for change in changes for step in change.steps if isinstance(step, Put)}
    warnings += [
        f"file {path}: {file.parsed}; correct it: while one file is broken swanctl reads none, and"
        " a reload or restart of the daemon loses all (without the loader of the role"
        " strongswan_vti, which leaves the file out)"
        for path, file in found.files.items()
        if file.known is None
        and isinstance(file.parsed, SyntaxFault)
        and path not in written | dropped(plan)
    ]
    return replace(plan, warnings=tuple(warnings))


def _recognised(
    kind: ObjectKind,
    wanted: t.Sequence[ConfigObject],
    found: Found,
    texts: t.Mapping[str, str],
    directory: str,
) -> Found:
    """Return what was found, with the content of files that are as wanted: no need to parse them."""
    files = dict(found.files)
    for one in wanted:
        path = kind.path(directory, one.name)
        if one.present and path in files and files[path].text == texts[path]:
            files[path] = files[path].as_known(one.root)
    return replace(found, files=files)


def dropped(plan: Plan[FileStep]) -> t.Set[str]:
    """Return the paths of the files that a plan removes."""
    return {step.path for change in plan.changes for step in change.steps if isinstance(step, Drop)}


def _definitions(kind: ObjectKind, found: Found) -> t.Dict[str, t.List[t.Tuple[str, int]]]:
    """Return file and line of every section of the kind's group, by name.

    Without those that are as wanted: they hold but the one that is to be there.
    """
    places: t.Dict[str, t.List[t.Tuple[str, int]]] = {}
    for path, file in found.files.items():
        if file.known is None:
            for name, section in file.root.children(kind.group).items():
                places.setdefault(name, []).append((path, section.line))
    return places


def _check_elsewhere(
    one: ConfigObject,
    path: str,
    elsewhere: t.Mapping[str, t.Sequence[t.Tuple[str, int]]],
    found: Found,
) -> None:
    if not one.present and path in found.files:
        return
    for other, line in elsewhere.get(one.section.name, ()):
        if other != path:
            raise ConflictError(
                f"{one.object}: file {other}, line {line}, defines {one.kind.group}"
                f".{one.section.name} already; remove it there by hand, or choose another name"
            )


def _check_missing(one: ConfigObject, found: Found, policy: Policy, warnings: t.List[str]) -> None:
    for path in found.missing.get(one.name, ()):
        problem = f"{one.object}: file {path} does not exist"
        if not policy.check_mode:
            raise ConflictError(f"{problem}: put the certificate there first")
        warnings.append(f"{problem}. Check mode assumes that it will be there")


def _present(
    one: ConfigObject, path: str, text: str, found: Found, policy: Policy
) -> t.List[FileChange]:
    file = found.files.get(path)
    name = one.section.name
    loaded = name in found.loaded
    leftover = path if path in found.cut_off else ""
    if file is not None and file.known and file.mode == MODE and loaded and not leftover:
        return []
    if file is None:
        reason = "it does not exist"
        if loaded:
            reason = "no file has it; charon holds one of this name, which is replaced"
        step = Put(one.object, path, text, one.section, load=True, write=True, leftover=leftover)
        after = wanted_state(one, policy.owner)
        return [Change(one.object, (Action("create", reason),), None, after, (step,))]
    difference = _difference(one, file)
    policy.may_touch(one.object, file.owner, "; ".join(difference))
    actions = []
    if file.owner != policy.owner:
        actions.append(Action("adopt", f"it belongs to {_holder(file)}"))
    if difference:
        actions.append(Action("change", "; ".join(difference)))
    if file.mode != MODE:
        actions.append(Action("change", f"the file's mode is {file.mode:04o}, wanted {MODE:04o}"))
    write = bool(actions)
    if not loaded:
        actions.append(Action("load", NOT_LOADED))
    elif leftover and not difference:
        actions.append(Action("load", CUT_OFF))
    if not actions:
        return []
    former = file.root.children(one.kind.group).get(name) if loaded else None
    load = bool(difference or leftover) or not loaded
    step = Put(one.object, path, text, one.section, load, write, former, leftover)
    before = file_state(one.kind, file, name, loaded)
    after = wanted_state(one, policy.owner, file)
    return [Change(one.object, tuple(actions), before, after, (step,))]


def _difference(one: ConfigObject, file: ConfigFile) -> t.List[str]:
    if file.known is not None:
        return []
    if isinstance(file.parsed, SyntaxFault):
        return [f"the file cannot be parsed, {file.parsed}"]
    return changed_settings(one, file)


def _absent(one: ConfigObject, path: str, found: Found, policy: Policy) -> t.List[FileChange]:
    file = found.files.get(path)
    name = one.section.name
    if file is not None:
        policy.may_touch(one.object, file.owner, "it is to be removed")
        return [_remove(one.kind, file, found, "state is absent")]
    if name not in found.loaded:
        return []
    reason = "state is absent; charon holds it from no file"
    step = Drop(one.object, "", (name,), path if path in found.cut_off else "")
    return [Change(one.object, (Action("remove", reason),), {"loaded": True}, None, (step,))]


def _remove(kind: ObjectKind, file: ConfigFile, found: Found, reason: str) -> FileChange:
    object_name = f"{kind.title} {kind.name_of(file.path)}"
    names = tuple(file.root.children(kind.group))
    unload = tuple(name for name in names if name in found.loaded)
    before = file_state(kind, file, names[0] if names else "", bool(unload))
    leftover = file.path if file.path in found.cut_off else ""
    step = Drop(object_name, file.path, unload, leftover)
    return Change(object_name, (Action("remove", reason),), before, None, (step,))


def _remnants(
    kind: ObjectKind, found: Found, policy: Policy, listed: t.Set[str]
) -> t.List[FileChange]:
    """Return the removal of what an earlier run loaded before it was cut off: no file has it."""
    removals: t.List[FileChange] = []
    for path, file in found.cut_off.items():
        ours = kind.owns(path) and file.owner == policy.owner
        if not ours or path in found.files or path in listed:
            continue
        names = tuple(name for name in file.root.children(kind.group) if name in found.loaded)
        name = f"{kind.title} {kind.name_of(path)}"
        reason = f"purge: owner '{policy.owner}' does not list it; {CUT_OFF}"
        step = Drop(name, "", names, path)
        before = file_state(kind, file, names[0] if names else "", bool(names))
        removals.append(Change(name, (Action("remove", reason),), before, None, (step,)))
    return removals


def _holder(file: ConfigFile) -> str:
    return f"owner '{file.owner}'" if file.owner else "nobody of this collection"
