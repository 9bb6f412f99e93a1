# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What does not fit the host is refused before anything on it is changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from proof.playbook import PlaybookError, play
from testinfra.host import Host

STATE = "find /etc /usr/local -newermt @0 -printf '%%p %%T@ %%s\n' | sort; dpkg --get-selections; ip link"
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "other daemon": ({"strongswan_vti_daemon": "starter"}, "has the package charon-systemd"),
    "connections of the other daemon": (
        {"strongswan_vti_ipsec_conf_connections": [{"name": "net"}]},
        "connections are given that it does not read",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_and_changes_nothing(case: str, scenario: Path, hosts: dict[str, Host]) -> None:
    variables, words = REFUSED[case]
    before = hosts["moon"].check_output(STATE)
    with pytest.raises(PlaybookError, match=words):
        play(scenario, "--limit=moon", f"--extra-vars={json.dumps(variables)}")
    assert hosts["moon"].check_output(STATE) == before
