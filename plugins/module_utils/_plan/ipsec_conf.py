# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan connections of ipsec.conf (pure): their files, the includes, and what charon holds."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.files import (
    CONF,
    IpsecFiles,
    Place,
    TextFile,
    name_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.sections import (
    Sections,
    collect,
    effective,
    missing,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.statement import CONN
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.wanted import (
    WantedConn,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.ipsec_conf import weaknesses
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    Plan,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.ipsec_include import (
    FileStep,
    missing_includes,
    unfinished,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.ipsec_state import (
    difference,
    shown,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy

MODE = 0o600
NOT_LOADED = "not loaded in the daemon"


@dataclass(frozen=True)
class ConnStep:
    """Write or remove the files of a connection.

    O(loaded) says whether charon must hold it afterwards, None if that does not matter.
    """

    name: str
    object: str
    files: t.Tuple[FileStep, ...] = ()
    loaded: t.Optional[bool] = None


Step = t.Union[ConnStep, FileStep]


@dataclass(frozen=True)
class FoundConns:
    """What the host holds: the files, and the names of the connections in charon."""

    files: IpsecFiles = field(default_factory=IpsecFiles)
    loaded: t.FrozenSet[str] = frozenset()


def plan_conns(
    wanted: t.Sequence[WantedConn], found: FoundConns, policy: Policy, place: Place
) -> Plan[Step]:
    """Return what to change so that files and charon hold the wanted connections.

    :raises ConflictError: a name is taken in another file, a file belongs to somebody else, or a
        section that others inherit from is missing.
    """
    listed = {one.name for one in wanted}
    names = sorted({name_of(path) for path in found.files.own})
    purged = [
        WantedConn(name, {}, present=False)
        for name in names
        if policy.purge and name not in listed and _owner(name, found, place) == policy.owner
    ]
    sections = _sections_after([*wanted, *purged], found, place)
    for one in wanted:
        _check_elsewhere(one, sections, found, place)
    _check_inherited([*wanted, *purged], sections)
    changes: t.List[Change[Step]] = [
        *unfinished(found.files, place),
        *missing_includes(wanted, found.files, place),
    ]
    for one in wanted:
        if one.present:
            changes += _present(one, sections, found, policy, place)
    for one in wanted:
        if not one.present:
            changes += _absent(one, found, policy, place, "state is absent")
    for one in purged:
        reason = f"purge: owner '{policy.owner}' no longer lists it"
        changes += _absent(one, found, policy, place, reason)
    warnings = [
        f"{fault}; starter refuses to load anything until it is corrected"
        for fault in found.files.faults
    ]
    for one in wanted:
        warnings += weaknesses(one)
    return Plan(tuple(changes), tuple(warnings))


def _own(name: str, found: FoundConns, place: Place) -> t.List[TextFile]:
    paths = (place.conf_file(name), place.secrets_file(name))
    return [found.files.own[path] for path in paths if path in found.files.own]


def _owner(name: str, found: FoundConns, place: Place) -> t.Optional[str]:
    """Return whose the files of a connection are; None if they are not all of one owner."""
    owners = {file.owner for file in _own(name, found, place)}
    return owners.pop() if len(owners) == 1 else None


def _sections_after(wanted: t.Sequence[WantedConn], found: FoundConns, place: Place) -> Sections:
    """Return the sections as they will be."""
    rewritten = {place.conf_file(one.name) for one in wanted}
    located = list(found.files.foreign)
    for path, file in found.files.own.items():
        if path.endswith(CONF) and path not in rewritten:
            located += file.located()
    for one in wanted:
        if one.has_section:
            located += [(place.conf_file(one.name), statement) for statement in one.statements()]
    return collect(located)


def _check_elsewhere(one: WantedConn, sections: Sections, found: FoundConns, place: Place) -> None:
    section = sections.get((CONN, one.name))
    if section is None or (not one.present and _own(one.name, found, place)):
        return
    for path, line in section.places:
        if path != place.conf_file(one.name):
            raise ConflictError(
                f"{one.object}: file {path}, line {line}, defines conn {one.name} already; remove"
                " it there by hand, or choose another name"
            )


def _check_inherited(wanted: t.Sequence[WantedConn], sections: Sections) -> None:
    gone = {one.name: one for one in wanted if not one.has_section}
    ours = {one.name: one for one in wanted if one.has_section}
    for section in sections.values():
        for name in missing(section, sections):
            path, line = section.places[0]
            if section.kind == CONN and section.name in ours:
                raise ConflictError(
                    f"{ours[section.name].object}: also '{name}': no file has such a conn section;"
                    " put it into the list, or drop it here"
                )
            if section.kind == CONN and name in gone:
                raise ConflictError(
                    f"{gone[name].object}: conn {section.name} (file {path}, line {line}) inherits"
                    f" from it (also={name}), and starter would refuse the whole ipsec.conf;"
                    f" change conn {section.name} before"
                )


def _present(
    one: WantedConn, sections: Sections, found: FoundConns, policy: Policy, place: Place
) -> t.List[Change[Step]]:
    auto = "ignore"
    if one.has_section:
        auto = effective(sections[CONN, one.name], "auto", sections) or auto
    loads = auto != "ignore"
    loaded = one.name in found.loaded
    there = _own(one.name, found, place)
    steps = _writes(one, found, policy, place)
    texts = {file.path: file.text for file in there}
    conf = texts.get(place.conf_file(one.name), "")
    secrets = texts.get(place.secrets_file(one.name), "")
    after = shown(
        one.conf_text(policy.owner),
        one.secrets_text(policy.owner),
        policy.owner,
        loads,
        former=secrets,
    )
    if not there:
        actions = [Action("create", "it does not exist")]
        step = ConnStep(one.name, one.object, steps, loads or None)
        return [Change(one.object, tuple(actions), None, after, (step,))]
    differs = difference(one, conf, secrets)
    owner = _owner(one.name, found, place)
    policy.may_touch(one.object, owner, "; ".join(differs))
    actions = []
    if owner != policy.owner:
        holder = f"owner '{owner}'" if owner else "nobody of this collection"
        actions.append(Action("adopt", f"it belongs to {holder}"))
    if differs:
        actions.append(Action("change", "; ".join(differs)))
    actions += [
        Action("change", f"the mode of {file.path} is {file.mode:04o}, wanted {MODE:04o}")
        for file in there
        if file.mode != MODE
    ]
    writes = tuple(step for step in steps if step.changes)
    lacks = loads and not loaded
    if lacks:
        actions.append(Action("load", NOT_LOADED))
    if not actions:
        return []
    before = shown(conf, secrets, owner, loaded)
    if lacks:
        writes = tuple(step for step in steps if step.changes or step.path.endswith(CONF))
    step = ConnStep(one.name, one.object, writes, loads or None)
    return [Change(one.object, tuple(actions), before, after, (step,))]


def _writes(
    one: WantedConn, found: FoundConns, policy: Policy, place: Place
) -> t.Tuple[FileStep, ...]:
    files = (
        (place.secrets_file(one.name), one.secrets_text(policy.owner)),
        (place.conf_file(one.name), one.conf_text(policy.owner)),
    )
    return tuple(
        FileStep(path, text or None, MODE, found.files.own.get(path))
        for path, text in files
        if text or path in found.files.own
    )


def _absent(
    one: WantedConn, found: FoundConns, policy: Policy, place: Place, reason: str
) -> t.List[Change[Step]]:
    there = _own(one.name, found, place)
    loaded = one.name in found.loaded
    if not there and not loaded:
        return []
    if not there:
        action = Action("remove", f"{reason}; charon holds it from no file")
        step = ConnStep(one.name, one.object, (), loaded=False)
        return [Change(one.object, (action,), {"loaded": True}, None, (step,))]
    owner = _owner(one.name, found, place)
    policy.may_touch(one.object, owner, "it is to be removed")
    texts = {file.path: file.text for file in there}
    before = shown(
        texts.get(place.conf_file(one.name), ""),
        texts.get(place.secrets_file(one.name), ""),
        owner,
        loaded,
    )
    files = tuple(FileStep(file.path, None, MODE, file) for file in there)
    step = ConnStep(one.name, one.object, files, loaded=False)
    return [Change(one.object, (Action("remove", reason),), before, None, (step,))]
