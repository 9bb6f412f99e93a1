# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role takes each distribution for, through Ansible, by the facts that Ansible has of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.tests.support import role_play

CHECKOUT = Path(__file__).resolve().parents[2]
ROLE = CHECKOUT / "roles/strongswan_vti"
# name: (os_family, distribution, distribution_version, distribution_major_version)
HOSTS = {
    "bookworm": ("Debian", "Debian", "12.11", "12"),
    "trixie": ("Debian", "Debian", "13.1", "13"),
    "sid": ("Debian", "Debian", "forky/sid", "forky/sid"),
    "jammy": ("Debian", "Ubuntu", "22.04", "22"),
    "noble": ("Debian", "Ubuntu", "24.04", "24"),
    "fedora": ("RedHat", "Fedora", "42", "42"),
    "rocky": ("RedHat", "Rocky", "9.6", "9"),
    "rhel": ("RedHat", "RedHat", "10.0", "10"),
    "tumbleweed": ("Suse", "openSUSE Tumbleweed", "20260101", "20260101"),
    "leap": ("Suse", "openSUSE Leap", "16.0", "16"),
    "arch": ("Archlinux", "Archlinux", "n/a", "n/a"),
    "oracular": ("Debian", "Ubuntu", "24.10", "24"),
    "bullseye": ("Debian", "Debian", "11.9", "11"),
    "oldleap": ("Suse", "openSUSE Leap", "15.6", "15"),
    "alpine": ("Alpine", "Alpine", "3.20.1", "3"),
    "starter": ("RedHat", "Fedora", "42", "42"),
}
FACTS = ("os_family", "distribution", "distribution_version", "distribution_major_version")
SHOWN = (
    "packages",
    "package_manager",
    "settings_file",
    "swanctl_directory",
    "other_package",
    "vici_socket",
)
APT = ["charon-systemd", "libstrongswan-standard-plugins", "python3-pyroute2", "strongswan-swanctl"]
REDHAT = {
    "packages": ["python3-pyroute2", "strongswan"],
    "settings_file": "/etc/strongswan/strongswan.d/zz-strongswan-vti.conf",
    "vici_socket": "/run/strongswan/charon.vici",
    "swanctl_directory": "/etc/strongswan/swanctl",
    "other_package": "",
}
SUSE = {
    "packages": ["python3-pyroute2", "strongswan-ipsec"],
    "swanctl_directory": "/etc/swanctl",
    "vici_socket": "/run/strongswan/charon.vici",
}
DEBIAN = {
    "packages": APT,
    "package_manager": "apt",
    "settings_file": "/etc/strongswan.d/zz-strongswan-vti.conf",
    "swanctl_directory": "/etc/swanctl",
    "vici_socket": "/run/charon.vici",
    "other_package": "strongswan-starter",
}
EXPECTED: dict[str, dict[str, Any]] = {
    "bookworm": DEBIAN,
    "trixie": DEBIAN,
    "sid": DEBIAN,
    "jammy": {**DEBIAN, "packages": [name for name in APT if "pyroute2" not in name]},
    "noble": DEBIAN,
    "fedora": REDHAT,
    "rocky": REDHAT,
    "rhel": REDHAT,
    "tumbleweed": SUSE,
    "leap": SUSE,
    "arch": {"packages": ["python-pyroute2", "strongswan"], "package_manager": "pacman"},
}
REFUSED = {
    "oracular": "Ubuntu-24.10",
    "bullseye": "Debian-11",
    "oldleap": "openSUSE_Leap-15",
    "alpine": "Alpine-3",
}


def host(name: str) -> dict[str, Any]:
    """Return a host's variables: its facts, and the one that another daemon is asked for on."""
    facts = dict(zip(FACTS, HOSTS[name], strict=True))
    return (
        {"facts": facts, "strongswan_vti_daemon": "starter"}
        if name == "starter"
        else {"facts": facts}
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return what the role says on each host: its variables, or its error."""
    folder = tmp_path_factory.mktemp("platforms")
    shown = {name: f"{{{{ strongswan_vti_{name} }}}}" for name in SHOWN}
    role = {"name": "ipsec.strongswan.strongswan_vti", "tasks_from": "platform", "public": True}
    play = {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {
                "name": "Have the facts of a host",
                "ansible.builtin.set_fact": {
                    **{name: f"{{{{ facts.{name} }}}}" for name in FACTS},
                    "cacheable": True,
                },
            },
            {"name": "Role", "ansible.builtin.include_role": role},
            {"name": "Show", "ansible.builtin.debug": {"msg": shown}},
        ],
    }
    hosts = {name: host(name) for name in HOSTS}
    done = role_play.play(folder, play, hosts, ANSIBLE_STDOUT_CALLBACK="ansible.posix.json")
    tasks = json.loads(done.stdout[done.stdout.index("{") :])["plays"][0]["tasks"]
    last: dict[str, dict[str, Any]] = {}
    for task in tasks:
        last.update(task["hosts"])
    return last


@pytest.mark.parametrize("name", EXPECTED)
def test_known(results: dict[str, dict[str, Any]], name: str) -> None:
    shown = results[name]["msg"]
    assert {key: shown.get(key) for key in EXPECTED[name]} == EXPECTED[name]


@pytest.mark.parametrize("name", REFUSED)
def test_unknown(results: dict[str, dict[str, Any]], name: str) -> None:
    said = results[name]["msg"]
    assert said.startswith(f"{name} runs {REFUSED[name]}; this role knows Archlinux, Debian-12,")


def test_daemon_that_is_not_for_it(results: dict[str, dict[str, Any]]) -> None:
    said = results["starter"]["msg"]
    assert "strongswan_vti_daemon is starter" in said
    assert said.endswith("Fedora-42; expected charon-systemd.")


@pytest.mark.parametrize(
    "path", sorted((ROLE / "vars").glob("*-*.yml")), ids=lambda path: path.stem
)
def test_file_says_whether_it_is_run(path: Path) -> None:
    assert ("Not run in CI" in path.read_text()) == (not path.stem.startswith("Debian-"))
