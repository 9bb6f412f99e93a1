# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections for a report: files, charon, and whether what should be up is (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import (
    ESTABLISHED,
    INSTALLED,
    IkeSa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.charon_objects import (
    Facts,
    Sources,
    report_objects,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.connection_drift import (
    differences,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.report_in_force import (
    Noted,
    reasons_not_in_force,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    CONNECTION,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.words import parse_action

_T = t.TypeVar("_T")

_CARRIES = frozenset({INSTALLED, "UPDATING", "REKEYING", "REKEYED"})
_SHUNTS = frozenset({"pass", "drop"})


def report_connections(
    sources: Sources,
    held: t.Optional[t.Mapping[str, Facts]],
    over_vici: t.Optional[t.Container[str]],
    sas: t.Optional[t.Sequence[IkeSa]],
    policies: t.Optional[t.Sequence[Facts]],
    noted: Noted,
    names: t.Optional[t.Sequence[str]],
) -> t.List[Facts]:
    """Return the connections.

    O(over_vici) are those that swanctl loaded; charon may have others from ipsec.conf. O(sas) and
    O(policies) are None where they are not asked for.
    """
    definitions = sources.definitions(CONNECTION.group, names)
    sections = {name: places[-1].section for name, places in definitions.items()}
    reasons = None if sas is None else reasons_not_in_force(sections, sas, noted)
    mine = None if sas is None else _by_name((ike.name, ike) for ike in sas)
    installed = None
    if policies is not None:
        installed = _by_name((one["connection"], one["child"]) for one in policies)
    return [
        _connection(one, sources, over_vici, mine, installed, reasons)
        for one in report_objects(CONNECTION, sources, held, names)
    ]


def _by_name(pairs: t.Iterable[t.Tuple[str, _T]]) -> t.Dict[str, t.List[_T]]:
    found: t.Dict[str, t.List[_T]] = {}
    for name, item in pairs:
        found.setdefault(name, []).append(item)
    return found


def _connection(
    one: Facts,
    sources: Sources,
    over_vici: t.Optional[t.Container[str]],
    sas: t.Optional[t.Mapping[str, t.Sequence[IkeSa]]],
    installed: t.Optional[t.Mapping[str, t.Sequence[str]]],
    reasons: t.Optional[t.Mapping[str, t.Sequence[str]]],
) -> Facts:
    name = one["name"]
    file, daemon = one.pop("file_settings"), one.pop("daemon_settings")
    vici = None if over_vici is None else name in over_vici
    problems = one.pop("problems")
    if daemon is not None and not vici and file is None:
        problems = []  # it is from ipsec.conf
    drift = differences(file, daemon) if file and daemon else []
    problems += [f"charon holds another one than the file: {text}" for text in drift]
    mine = None if sas is None else sas.get(name, ())
    policies = None if installed is None else installed.get(name, ())
    if sources.running and file and one["loaded"]:
        problems += list(_idle(file, mine, policies))
    not_in_force = None if reasons is None else reasons.get(name)  # None: no file has it
    problems += [f"loaded, but not in force: {text}" for text in not_in_force or ()]
    return {
        **one,
        "vici": vici,
        "established": None if mine is None else any(ike.state == ESTABLISHED for ike in mine),
        "in_force": None if not_in_force is None else not not_in_force,
        "in_force_reason": "; ".join(not_in_force or ()),
        "file_settings": file,
        "daemon_settings": daemon,
        "differences": drift,
        "problems": problems,
    }


def _idle(
    file: Facts, sas: t.Optional[t.Sequence[IkeSa]], installed: t.Optional[t.Sequence[str]]
) -> t.Iterator[str]:
    """Say which children should be up, or have a policy, and do not.

    O(installed) are the children with a policy.
    """
    up = {child.name for ike in sas or () for child in ike.children if child.state in _CARRIES}
    for child in file.get("children", []):
        actions = _actions(child)
        shunt = str(child.get("mode", "")).lower() in _SHUNTS
        if installed is not None and child["name"] not in installed:
            if shunt and actions:
                yield f"child {child['name']}: its {child['mode']} policy is not installed"
            elif "trap" in actions:
                yield f"child {child['name']}: start_action is trap, its trap is not installed"
        if sas is not None and "start" in actions and not shunt and child["name"] not in up:
            yield f"child {child['name']}: start_action is start, no SA of it is installed"


def _actions(child: Facts) -> t.FrozenSet[str]:
    try:
        return parse_action(str(child.get("start_action", "none")))
    except ValueError:
        return frozenset()
