# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hook of a charon-systemd whose profile is enforced; Debian loads it in complain mode."""

from __future__ import annotations

import subprocess
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.apparmor import profile
from ansible_collections.ipsec.strongswan.tests.updown.host import FOLDER
from ansible_collections.ipsec.strongswan.tests.updown.row import Row

ABOUT = "client"
COLUMNS = ("ours",)
PROGRAM = "/usr/sbin/charon-systemd"
# Each of these hosts has its configuration, socket and log there, where a host has them in /etc and /run.
ADDITIONS = f"{FOLDER}/** rwk,\n"
KINDS = {
    "vti": {"mark_in": "2", "mark_out": "2"},
    "xfrm": {"if_id_in": "7", "if_id_out": "7"},
}


@pytest.fixture(autouse=True)
def enforced() -> t.Iterator[profile.Enforced]:
    """Enforce the profile, before a host is started."""
    with profile.enforced({"usr.sbin.charon-systemd": PROGRAM}, ADDITIONS) as loaded:
        yield loaded


@pytest.mark.parametrize("kind", KINDS)
def test_confined(row: Row, enforced: profile.Enforced, tmp_path: Path, kind: str) -> None:
    """AppArmor: up, rekey, reauthentication and down below an enforced profile; the hook is not confined."""
    said = tmp_path / "confinement"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ncat /proc/self/attr/current >>{said}\n")
    program.chmod(0o755)
    tmp_path.chmod(0o755)
    row.arguments["client"] += f" --run {program}"
    row.gateway_up()
    row.client_up(row.client, KINDS[kind])
    for node in (row.client, row.gateway):
        assert profile.confinement(node.pid) == f"{PROGRAM} (enforce)"
    row.check()
    row.rekey_child()
    row.rekey_ike()
    row.reauthenticate()
    row.check()
    row.gone()
    assert set(said.read_text().split()) == {"unconfined"}
    assert not enforced.denied()


def test_a_denial_is_seen(enforced: profile.Enforced, tmp_path: Path) -> None:
    """What the profile does not allow is refused, and seen by these tests."""
    secret = tmp_path / "none-of-charons-files"
    secret.write_text("")
    words = ["aa-exec", "-p", PROGRAM, "--", "/bin/cat", str(secret)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "Permission denied" in done.stderr
    assert any(f'name="{secret}"' in line for line in enforced.denied())
