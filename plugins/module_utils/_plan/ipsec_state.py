# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user sees of a connection of ipsec.conf in a diff, and how two differ (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.keywords import meaning
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.parse import (
    SyntaxFault,
    parse,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.secrets import (
    Secret,
    parse_secrets,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.sections import (
    collect,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.statement import CONN
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.wanted import (
    WantedConn,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import show
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_state import (
    HIDDEN,
    HIDDEN_NEW,
)

ALSO = "also"
State = t.Dict[str, t.Any]


def shown(conf: str, secrets: str, owner: t.Optional[str], loaded: bool, former: str = "") -> State:
    """Return what the files of a connection hold as a user reads it, without secrets.

    O(former) is what its secrets were: the state says which are other ones now.
    """
    settings, broken = _settings(conf)
    state: State = {"owner": owner, **settings}
    if broken:
        state["file"] = "cannot be parsed"
    were = {_title(secret): secret.value for secret in parse_secrets(former).secrets}
    for secret in parse_secrets(secrets).secrets:
        title = _title(secret)
        other = were.get(title, secret.value) != secret.value
        state[title] = HIDDEN_NEW if other else HIDDEN
    state["loaded"] = loaded
    return state


def difference(one: WantedConn, conf: str, secrets: str) -> t.List[str]:
    """Say in words how the files differ from what is wanted: by meaning, without secrets."""
    there, broken = _settings(conf)
    if broken:
        return [f"the file cannot be parsed, {broken}"]
    wanted, _broken = _settings(one.conf_text(""))
    differs = [
        f"{name} is {show(there.get(name))}, wanted {show(wanted.get(name))}"
        for name in {**wanted, **there}
        if meaning(name, there.get(name)) != meaning(name, wanted.get(name))
        or (name in there) != (name in wanted)
    ]
    return differs + _secret_difference(one, secrets)


def _secret_difference(one: WantedConn, text: str) -> t.List[str]:
    file = parse_secrets(text)
    there = {_title(secret): secret for secret in file.secrets}
    wanted = {_title(secret): secret for secret in one.secrets}
    differs = [f"a line of its secrets is wrong, line {file.fault}"] if file.fault else []
    for title in {**wanted, **there}:
        if title not in there:
            differs.append(f"{title} is missing")
        elif title not in wanted:
            differs.append(f"{title} is not wanted")
        elif there[title].value != wanted[title].value:
            differs.append(f"{title} differs")
    if not differs and [one.line() for one in file.secrets] != [one.line() for one in one.secrets]:
        differs.append("the order of its secrets differs")
    return differs


def _title(secret: Secret) -> str:
    return f"secret {secret.title}"


def _settings(text: str) -> t.Tuple[State, str]:
    """Return the settings of all connections in a text, and what is wrong with it."""
    try:
        sections = collect(("", one) for one in parse(text))
    except SyntaxFault as fault:
        return {}, str(fault)
    settings: State = {}
    for (kind, name), section in sections.items():
        prefix = "" if kind == CONN and len(sections) == 1 else f"{kind} {name}: "
        if section.also:
            settings[prefix + ALSO] = ", ".join(section.also)
        settings.update({prefix + key: value for key, value in section.settings.items()})
    return settings, ""
