# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret is left anywhere by the role: those of its variables, and those that a site makes.

Its tasks that take secrets run, and those before them that check its variables; the rest would
change this machine.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.tests.secrecy.host import Host, Options, Watch
from ansible_collections.ipsec.strongswan.tests.secrecy.search import leaks

SITE: Options = {
    "name": "lab",
    "topology": "pairs",
    "pairs": [["moon", "sun"]],
    "overlay": ["10.99.0.0/16"],
    "master_secret": "{{ master }}",
}
BAD_PAIR: Options = {"between": ["moon", "sun"], "psk": ["{{ psk }}"]}
ONE: Options = {
    "strongswan_vti_secrets": [
        {"name": "one", "ids": ["moon", "sun"], "secret": "{{ psk }}"},
        {"name": "moon", "type": "private", "content": "{{ key }}"},
        {"name": "gate", "type": "private", "src": "vaulted.pem"},
    ]
}
BY_STARTER: Options = {
    "strongswan_vti_daemon": "starter",
    "strongswan_vti_ipsec_conf_connections": [
        {
            "name": "gate",
            "right": "192.0.2.11",
            "auto": "add",
            "secrets": [{"ids": ["rw"], "secret": "{{ psk }}"}],
        }
    ],
}
# What the role refuses before it begins, and what its modules refuse.
REFUSED: list[Options] = [
    {"strongswan_vti_secrets": "{{ psk }}"},
    {"strongswan_vti_ipsec_conf_connections": BY_STARTER["strongswan_vti_ipsec_conf_connections"]},
    {"strongswan_vti_site": {**SITE, "no_such_option": "{{ password }}"}},
    {"strongswan_vti_site": {**SITE, "master_secret": ["{{ psk }}"]}},
]
FAILING: list[tuple[str, Options]] = [
    ("secrets", {"strongswan_vti_secrets": [{"name": "sun", "psk": "{{ psk }}"}]}),
    ("secrets", {"strongswan_vti_secrets": [{"name": "sun", "secret": "0x{{ psk }}"}]}),
    ("secrets", {"strongswan_vti_site": {**SITE, "pairs": [BAD_PAIR]}}),
    ("connections", {**BY_STARTER, "strongswan_vti_owner": "another"}),
]


def role(variables: Options, tasks_from: str = "main") -> Options:
    """Return a task that runs the role, or one file of its tasks; what fails does not end the play."""
    apply: Options = {"ignore_errors": True}
    if tasks_from != "main":
        apply["tags"] = ["always"]
    where = {"name": "ipsec.strongswan.strongswan_vti", "tasks_from": tasks_from, "apply": apply}
    return {
        "name": "Role",
        "ansible.builtin.include_role": where,
        "vars": variables,
        "tags": ["always"],
    }


def play(host: Host, tasks: list[Options], *arguments: str, **how: t.Any) -> list[str]:
    """Run the role's tasks that take secrets, as on a distribution whose paths are the test's."""
    return host.play(
        tasks,
        *("--tags", "secrets,connections"),
        *("-e", "strongswan_vti_platform=Debian-13"),
        *("-e", f"strongswan_vti_swanctl_directory={host.folder / 'swanctl'}"),
        *("-e", f"strongswan_vti_vici_socket={host.folder / 'vici'}"),
        *arguments,
        **how,
    )


def test_success(host: Host) -> None:
    # Not from the beginning: this machine need not be one that the role's checks let pass.
    tasks = [
        role({"strongswan_vti_site": SITE}, "secrets"),
        role(ONE, "secrets"),
        role(BY_STARTER, "connections"),
    ]
    with Watch(host.folder) as watch:
        play(host, tasks, "--check", "--diff")
        said = play(host, tasks, "--diff", pipelining=False)
    assert "fatal" not in said
    folders = [host.folder / name for name in ("swanctl", "etc")]
    files = {path.name: path for folder in folders for path in folder.rglob("*")}
    assert files.keys() >= {"secret-one.conf", "secret-sun.conf", "gate.secrets", "gate.pem"}
    assert leaks(files["secret-sun.conf"].read_text()) == {"derived_psk"}  # the site's
    host.check(watch)


def test_failure(host: Host) -> None:
    tasks = [role(variables) for variables in REFUSED]
    tasks += [role(variables, tasks_from) for tasks_from, variables in FAILING]
    with Watch(host.folder) as watch:
        play(host, [role(BY_STARTER, "connections")])
        said = play(host, tasks, "--diff", pipelining=False)
    assert said.count("fatal") >= len(tasks)
    host.check(watch)
