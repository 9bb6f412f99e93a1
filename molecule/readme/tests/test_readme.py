# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the README says to write and to call is written and called, and does what it says."""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from proof.playbook import Played, play
from proof.verdict import Proof
from testinfra.host import Host

README = (Path(__file__).resolve().parents[3] / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The README's hosts are reached by SSH; these are containers.
REACHED = json.dumps({"ansible_host": "{{ node_container }}"})
# They follow from a file that is told to change, and which has to be there first.
FOLLOWING = {"Enable them", "Reload the settings of charon"}


def block(kind: str, containing: str) -> str:
    """Return the one block of the README of a kind that contains something."""
    (found,) = (text for of, text in BLOCK.findall(README) if of == kind and containing in text)
    return str(found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the inventory and the playbook of the README are."""
    made = tmp_path_factory.mktemp("readme")
    (made / "inventory.yml").write_text(block("yaml", "ansible_user: root"))
    (made / "site.yml").write_text(block("yaml", "strongswan_vti_tunnels:"))
    return made


@pytest.fixture(scope="module")
def played(folder: Path, scenario: Path) -> list[Played]:
    """Play it in check mode, in earnest, and once more."""
    os.environ["TUNNEL_PSK"] = secrets.token_urlsafe(32)
    words = (f"--inventory={folder}/inventory.yml", f"--extra-vars={REACHED}")
    modes: list[list[str]] = [["--check", "--diff"], [], []]
    return [play(scenario, *words, *mode, playbook=f"{folder}/site.yml") for mode in modes]


def call(line: str, folder: Path, scenario: Path) -> subprocess.CompletedProcess[str]:
    """Give a command of the README that starts with C(ansible)."""
    program, *words = shlex.split(line)
    inventories = (
        scenario.parent / "_shared/inventory/hosts.yml",
        scenario / "inventory/hosts.yml",
        folder / "inventory.yml",
    )
    return subprocess.run(
        [
            str(Path(sys.executable).with_name(program)),
            *(f"--inventory={path}" for path in inventories),
            f"--extra-vars={REACHED}",
            *words,
        ],
        env={**os.environ, "ANSIBLE_FORCE_COLOR": "false"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_mode_tells_what_the_run_does_and_the_second_run_changes_nothing(
    played: list[Played],
) -> None:
    would, did, again = played
    assert {host for host, _task in did.changed} == {"moon", "sun"}
    untold = set(did.changed) - set(would.changed)
    assert {task.rpartition(" : ")[2] for _host, task in untold} <= FOLLOWING
    assert again.changed == ()


def test_the_sites_reach_each_other_through_the_tunnel_only(
    played: list[Played], tunnel: Proof
) -> None:
    assert played
    assert tunnel.failures() == []


def test_ad_hoc_calls_do_what_they_say(
    played: list[Played], hosts: dict[str, Host], folder: Path, scenario: Path
) -> None:
    assert played
    device, route, absent = block("console", "-m ipsec.strongswan.vti_tunnel").splitlines()
    for line in (device, route, absent):
        done = call(line, folder, scenario)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "moon | CHANGED" in done.stdout
    # the last one is in check mode
    assert hosts["moon"].run("ip link show vti7").rc == 0
    assert "dev vti7" in hosts["moon"].check_output("ip route show 10.7.0.0/24")


def test_ad_hoc_calls_show_what_is_there(
    played: list[Played], folder: Path, scenario: Path
) -> None:
    assert played
    lines = block("console", "-m ipsec.strongswan.vti_info").splitlines()
    done = [call(line, folder, scenario) for line in lines]
    assert [one.returncode for one in done] == [0, 0], done
    kernel, charon = (json.loads(one.stdout.partition(" => ")[2]) for one in done)
    problems = {one["name"]: one["problems"] for one in kernel["tunnels"]}
    assert problems["vti42"] == []
    assert charon["problems"] == []
