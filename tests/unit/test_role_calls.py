# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of the role takes as many runs of modules for five hundred tunnels as for one.

The whole role is played by ansible-playbook. In the place of Python on its host is a stand-in that
notes which module is sent to it, and answers as a module that has found all as wanted.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.ipsec.strongswan.tests.support import role_play, sites

CHECKOUT = Path(__file__).resolve().parents[2]
STAND_IN = """#!{python}
import json, re, sys
text = sys.stdin.read() if len(sys.argv) < 2 else open(sys.argv[1]).read()
names = re.findall(r"ansible(?:_collections\\.\\w+\\.\\w+\\.plugins)?\\.modules\\.(\\w+)", text)
with open({seen!r}, "a") as file:
    print(names[0], file=file)
print(json.dumps({answer!r}))
"""
PACKAGES = yaml.safe_load((CHECKOUT / "roles/strongswan_vti/vars/Debian-13.yml").read_text())[
    "strongswan_vti_packages_of"
]["charon-systemd"]
ANSWER = {
    "changed": False,
    "rc": 0,
    "stdout": "".join(f"{name} installed\n" for name in PACKAGES),
    "stderr": "",
    "ansible_facts": {"distribution": "Debian", "distribution_major_version": "13"},
    "summary": "",
    "stat": {"exists": False},
}
OWN = {"vti_preflight", "vti_tunnel", "vti_route"} | {
    f"strongswan_{name}" for name in ("secret", "authority", "pool", "conn")
}


def modules_run(folder: Path, peers: int, **answer: Any) -> list[str]:
    """Play the role on a host with a tunnel to each of so many peers; return the modules that ran.

    :param answer: What each of them answers besides.
    """
    folder.mkdir()
    names = ["gate", *(f"peer{number}" for number in range(peers))]
    hosts: dict[str, dict[str, Any]] = {
        name: {"underlay": f"198.51.{number // 250}.{number % 250 + 1}", "number": number}
        for number, name in enumerate(names)
    }
    seen, python = folder / "seen", folder / "python3"
    python.write_text(
        STAND_IN.format(python=sys.executable, seen=str(seen), answer={**ANSWER, **answer}),
        encoding="utf-8",
    )
    python.chmod(0o755)
    site = {
        "topology": "mesh",
        "members": names,
        "overlay": ["10.96.0.0/11"],
        "master_secret": sites.MASTER,
    }
    hosts["gate"]["ansible_python_interpreter"] = str(python)
    play = {
        "hosts": "gate",
        "gather_facts": False,
        "vars": {"strongswan_vti_site": site, "strongswan_vti_purge": True},
        "roles": ["ipsec.strongswan.strongswan_vti"],
    }
    done = role_play.play(folder, play, hosts, ANSIBLE_PIPELINING="1")
    assert done.returncode == 0, done.stdout + done.stderr
    return seen.read_text().split()


def test_five_hundred_tunnels_take_as_many_runs_of_modules_as_one(tmp_path: Path) -> None:
    one = modules_run(tmp_path / "one", peers=1)
    assert set(one) >= OWN
    assert all(one.count(name) == 1 for name in OWN)
    assert modules_run(tmp_path / "many", peers=500) == one


def test_one_more_ends_the_sas_of_connections_that_are_gone(tmp_path: Path) -> None:
    gone = [
        {"action": "remove", "object": f"connection {name}", "reason": "purge"} for name in "ab"
    ]
    ran = modules_run(tmp_path / "gone", peers=1, actions=gone)
    assert ran[-2:] == ["strongswan_conn", "strongswan_sa"]
