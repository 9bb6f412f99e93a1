# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the modules' documentation do what they say, in order, and only once."""

from __future__ import annotations

import contextlib
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.support import examples, shell
from ansible_collections.ipsec.strongswan.tests.support.modules import changed, run_module
from ansible_collections.ipsec.strongswan.tests.support.namespaces import empty_namespace

TASKS = examples.stored(Path(__file__).resolve().parents[2])
MARK = "ipsec.strongswan:default"
NAMESPACES = {
    "blue": (
        "link add vti42 type vti local 192.0.2.1 remote 192.0.2.2 key 42",
        f"link set vti42 up alias {MARK}",
        "route add 10.2.0.0/24 dev vti42 proto 157",
    ),
    "inside": (),
}
# What the examples assume, by module.
HOST = (
    "addr add 2001:db8::1/64 dev eth0 nodad",
    "route add default via 192.0.2.254",
    "route add default via 2001:db8::fe dev eth0",
)
BEFORE = {
    "vti_tunnel": (
        "link add customers type vrf table 10",
        "link set customers up",
        "link add vti9 type vti local 192.0.2.1 remote 192.0.2.9 key 9",
        "addr add 10.99.99.1/30 dev vti9",
    ),
    "vti_route": (
        "link add vti42 type vti local 192.0.2.1 remote 192.0.2.2 key 42",
        "link add vti43 type vti local 192.0.2.1 remote 192.0.2.3 key 43",
        "link add ipsec0 type xfrm external",
        *(f"link set {name} up" for name in ("vti42", "vti43", "ipsec0")),
        "addr add 10.1.0.1/24 dev lo",
        "addr add 10.99.0.1/30 dev vti42",
        "route add 10.4.0.0/24 dev vti42",
    ),
    "vti_preflight": (),
    "vti_verify": ("link add vti42 type vti local 192.0.2.1 remote 192.0.2.2 key 42",),
    "vti_info": (
        "link add vti42 type vti local 192.0.2.1 remote 192.0.2.2 key 42",
        "link set vti42 up",
    ),
}


@pytest.fixture
def names() -> t.Iterator[dict[str, str]]:
    """Make the namespaces that examples name; return their names here (tests run side by side)."""
    with contextlib.ExitStack() as stack:
        found = {}
        for name, lines in NAMESPACES.items():
            found[name] = stack.enter_context(empty_namespace())
            shell.ip_batch(*lines, netns=found[name])
        yield found


def read(module: str, /, **options: t.Any) -> None:
    """Run a module that only reads."""
    result = run_module(module, **options)
    assert not result.get("failed"), result["msg"]
    assert not result["changed"]


@pytest.mark.parametrize("module", sorted(examples.KERNEL))
def test_examples(module: str, names: dict[str, str]) -> None:
    shell.ip_batch(*HOST, *BEFORE[module])
    run = read if module.endswith(("_info", "_preflight", "_verify")) else changed
    for task in TASKS[module]:
        name, options = examples.call(task)
        if name != module:
            continue  # what Ansible itself does with the result
        for option in ("netns", "target_netns"):
            if option in options:
                options[option] = names[options[option]]
        try:
            run(module, **options)
        except AssertionError as error:
            raise AssertionError(f"example '{task['name']}': {error}") from error
