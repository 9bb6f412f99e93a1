# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a wrong call gives of secrets is hidden; tests/secrecy shows that Ansible would show it."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.hidden import HIDDEN, hide

SPEC = {
    "name": {"type": "str"},
    "secret": {"type": "str", "no_log": True},
    "secrets": {
        "type": "list",
        "elements": "dict",
        "no_log": False,
        "options": {"name": {"type": "str"}, "secret": {"type": "str", "no_log": True}},
    },
}
Options = dict[str, t.Any]
RIGHT: list[Options] = [
    {"name": "sun", "secret": "hunter2", "_ansible_verbosity": 4},
    {"secrets": [{"name": "sun", "secret": "hunter2"}, {"name": "moon", "secret": 12}]},
    {"secrets": None, "secret": None},
    {"secrets": ["no dictionary"]},
    {"secrets": "no list"},
]
WRONG: list[tuple[Options, Options, list[str]]] = [
    ({"psk": "hunter2"}, {"psk": HIDDEN}, []),
    ({"secret": ["hunter2"]}, {"secret": HIDDEN}, ["secret"]),
    (
        {"name": {"of": 1}, "secrets": [{"secret": {"of": 1}, "key": "hunter2"}]},
        {"name": {"of": 1}, "secrets": [{"secret": HIDDEN, "key": HIDDEN}]},
        ["secrets.secret"],
    ),
]


@pytest.mark.parametrize("params", RIGHT)
def test_what_is_right_is_left_alone(params: Options) -> None:
    before = dict(params)
    assert hide(SPEC, params) == []
    assert params == before


@pytest.mark.parametrize(("params", "hidden", "wrong"), WRONG)
def test_what_is_wrong_is_hidden(params: Options, hidden: Options, wrong: list[str]) -> None:
    assert hide(SPEC, params) == wrong
    assert params == hidden
