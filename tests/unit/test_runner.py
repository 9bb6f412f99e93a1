# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module prints is what Ansible would print for it, quicker."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible.module_utils import basic

from ansible_collections.ipsec.strongswan.plugins.module_utils import _runner

PLAIN: dict[str, t.Any] = {
    "changed": True,
    "connections": [{"name": "größe", "in_force": None, "mtu": 1400, "names": ("a", "b")}],
    "msg": 'a "quote", a \\ and a line\nbreak',
}


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> _runner._Module:
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", b'{"ANSIBLE_MODULE_ARGS": {}}')
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    return _runner._Module(argument_spec={})


@pytest.mark.parametrize("warning", ["", "it's {odd}, and [has] commas"])
@pytest.mark.parametrize("others", [{}, {"names": {"a"}}], ids=["plain", "with a set"])
def test_result(
    warning: str,
    others: dict[str, t.Any],
    module: _runner._Module,
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = {**PLAIN, **others}
    if warning:
        module.warn(warning)
        result["warnings"] = basic.get_warnings()
    super(_runner._Module, module)._record_module_result(result)
    theirs = capsys.readouterr().out
    module._record_module_result(result)
    mine = capsys.readouterr().out
    assert len(mine.strip().splitlines()) == 1
    assert json.loads(mine) == json.loads(theirs)


def test_empty_result(module: _runner._Module, capsys: pytest.CaptureFixture[str]) -> None:
    module._record_module_result({})
    assert json.loads(capsys.readouterr().out) == {}
