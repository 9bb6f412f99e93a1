# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of sites, through Ansible: the role's variables, for each of their hosts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.ipsec.strongswan.tests.support import sites

CHECKOUT = Path(__file__).resolve().parents[2]
COLLECTIONS = CHECKOUT / "build/collections"
LISTS = (*sites.RESOURCES, "topology")


def variables(example: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Return the lists that each host of an example gets, as the role's defaults have them."""
    defaults = yaml.safe_load((CHECKOUT / "roles/strongswan_vti/defaults/main.yml").read_text())
    names = [f"strongswan_vti_{name}" for name in LISTS]
    chosen = {name: value for name, value in defaults.items() if name in names}
    play = {
        "hosts": "gateways",
        "gather_facts": False,
        "connection": "local",
        "vars": chosen,
        "tasks": [
            {"name": "Show", "ansible.builtin.debug": {"msg": {n: f"{{{{ {n} }}}}" for n in names}}}
        ],
    }
    (folder / "play.yml").write_text(yaml.safe_dump([play]))
    command = [
        str(Path(sys.executable).with_name("ansible-playbook")),
        f"--inventory={CHECKOUT}/examples/{example}/inventory.yml",
        f"--extra-vars={json.dumps({'vault_site_master': sites.MASTER, 'vault_partner_psk': 'x' * 40})}",
        str(folder / "play.yml"),
    ]
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    task = json.loads(done.stdout)["plays"][0]["tasks"][0]
    return {host: result["msg"] for host, result in task["hosts"].items()}


@pytest.mark.parametrize(
    ("example", "tunnels"),
    [
        ("mesh", {"moon": 2, "sun": 2, "venus": 2}),
        ("hub", {"berlin": 4, "paris": 4, "lyon": 2, "oslo": 2, "rome": 2}),
        ("pairs", {"moon": 3, "sun": 1, "venus": 1}),
    ],
)
def test_an_example_gives_what_the_modules_take(
    example: str, tunnels: dict[str, int], tmp_path: Path
) -> None:
    found = variables(example, tmp_path)
    for values in found.values():
        sites.parse({name: values[f"strongswan_vti_{name}"] for name in sites.RESOURCES})
    assert {
        host: len(values["strongswan_vti_tunnels"]) for host, values in found.items()
    } == tunnels
