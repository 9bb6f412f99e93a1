# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of sites and of road warriors, through Ansible: the role's variables, for each host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.pool import (
    check_pools,
    parse_pool,
)
from ansible_collections.ipsec.strongswan.tests.support import sites

CHECKOUT = Path(__file__).resolve().parents[2]
COLLECTIONS = CHECKOUT / "build/collections"
LISTS = (*sites.RESOURCES, "pools", "topology")
VAULT = {
    "vault_site_master": sites.MASTER,
    "vault_partner_psk": "x" * 40,
    "vault_clients": [
        {"name": name, "ids": [f"{name}.example.org", "vpn.example.org"], "secret": name * 10}
        for name in ("alice", "bob")
    ],
}


def variables(example: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Return the lists that each host of an example gets, as the role's defaults have them."""
    role = CHECKOUT / "roles/strongswan_vti"
    defaults = yaml.safe_load((role / "defaults/main.yml").read_text())
    constants = yaml.safe_load((role / "vars/main.yml").read_text())
    names = [f"strongswan_vti_{name}" for name in LISTS]
    wanted = (*names, "strongswan_vti_site", "strongswan_vti_updown")
    known = {name: value for name, value in (constants | defaults).items() if name in wanted}
    (folder / "defaults.yml").write_text(yaml.safe_dump({"all": {"vars": known}}))
    play = {
        "hosts": "all",
        "gather_facts": False,
        "connection": "local",
        "tasks": [
            {"name": "Show", "ansible.builtin.debug": {"msg": {n: f"{{{{ {n} }}}}" for n in names}}}
        ],
    }
    (folder / "play.yml").write_text(yaml.safe_dump([play]))
    command = [
        str(Path(sys.executable).with_name("ansible-playbook")),
        f"--inventory={folder}/defaults.yml",
        f"--inventory={CHECKOUT}/examples/{example}/inventory.yml",
        f"--extra-vars={json.dumps(VAULT)}",
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
        ("roadwarrior", {"vpn": 0, "alice": 0, "bob": 0}),  # the hook makes the devices
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


def test_the_gateway_of_road_warriors_knows_all_secrets_and_a_client_its_own(
    tmp_path: Path,
) -> None:
    found = variables("roadwarrior", tmp_path)
    secrets = {
        host: [one["name"] for one in values["strongswan_vti_secrets"]]
        for host, values in found.items()
    }
    assert secrets == {"vpn": ["alice", "bob"], "alice": ["alice"], "bob": ["bob"]}
    pools = found["vpn"]["strongswan_vti_pools"]
    check_pools([parse_pool({"state": "present", **pool}) for pool in pools])
    (connection,) = found["vpn"]["strongswan_vti_connections"]
    assert connection["pools"] == [pool["name"] for pool in pools]
