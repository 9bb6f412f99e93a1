# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans of secrets: that one changed is said, and never what it is."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.secret import parse_secret
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    actions_result,
    diff_result,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import Found
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.secret import plan_secrets
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject

FOLDER = "/etc/swanctl/conf.d"
PATH = f"{FOLDER}/secret-sun.conf"
OLD = "the former secret of all"
NEW = "the newest secret of all"


def wanted(secret: str = NEW, **options: t.Any) -> ConfigObject:
    """Return the secret of sun."""
    entry = {"name": "sun", "type": "ike", "state": "present", "ids": ["moon"], "secret": secret}
    return parse_secret({**entry, **options})


def found(text: str, loaded: str = "ike-sun") -> Found:
    """Return a host with one file."""
    return Found({PATH: ConfigFile(PATH, text, 0o600)}, frozenset(loaded.split()))


def test_unchanged() -> None:
    there = found(wanted().text("default"))
    assert plan_secrets([wanted()], there, Policy(), FOLDER).changes == ()


def test_change_is_said_and_not_shown() -> None:
    plan = plan_secrets([wanted(NEW)], found(wanted(OLD).text("default")), Policy(), FOLDER)
    (action,) = actions_result(plan.changes)
    assert action == {"object": "secret sun", "action": "change", "reason": "secret differs"}
    (diff,) = diff_result(plan.changes)
    assert "secret: (hidden)\n" in diff["before"]
    assert "secret: (hidden, another one)\n" in diff["after"]
    assert "secret of all" not in str(diff)


HOLDERS = {
    "by hand": f'secrets {{ ike-sun {{ secret = "{OLD}" }} }}\n',
    "another's, with a PIN": f'secrets {{ token-x {{ pin = "{OLD}" }} }}\n',
    "broken": f'secrets {{ ike-sun {{ secret = "{OLD}" }}\n',
    "broken where the secret is": f'secrets {{ ike-sun {{ "{OLD}" }} }}\n',
}


@pytest.mark.parametrize("text", HOLDERS.values(), ids=HOLDERS)
def test_foreign_secrets_are_not_shown_either(text: str) -> None:
    with pytest.raises(ConflictError) as caught:
        plan_secrets([wanted()], found(text), Policy(), FOLDER)
    assert "secret of all" not in str(caught.value)
    plan = plan_secrets([wanted()], found(text), Policy(adopt=True), FOLDER)
    shown = str(actions_result(plan.changes)) + str(diff_result(plan.changes)) + str(plan.warnings)
    assert plan.changes
    assert "secret of all" not in shown


def test_weak() -> None:
    (warning,) = plan_secrets([wanted("short")], Found(), Policy(), FOLDER).warnings
    assert warning.startswith("secret sun: a preshared key under 20 characters")


def test_loaded_from_no_file() -> None:
    there = Found({}, frozenset({"ike-sun"}))
    plan = plan_secrets([wanted(state="absent")], there, Policy(), FOLDER)
    assert [action["action"] for action in actions_result(plan.changes)] == ["remove"]
