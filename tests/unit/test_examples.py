# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of a module occurs in one of its examples, which tests/kernel or charon runs."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.ipsec.strongswan.tests.support import examples

CHECKOUT = Path(__file__).resolve().parents[2]
TASKS = examples.read(CHECKOUT)


FREE = {  # options whose keys are no options of the module itself
    "vti_preflight": {"tunnels", "routes", "connections", "ipsec_conf_connections"},
    "vti_verify": {"tunnels", "routes", "connections", "pings"},
}


def keys(value: t.Any, free: t.Container[str]) -> set[str]:
    """Return the keys of a structure, at every level."""
    if isinstance(value, dict):
        inner = [one for name, one in value.items() if name != "settings" and name not in free]
        return set(value).union(*(keys(one, free) for one in inner))
    if isinstance(value, list):
        return set().union(*(keys(one, free) for one in value))
    return set()


def options(module: str) -> set[str]:
    """Return the names of a module's options and of their suboptions, from its documentation."""
    own = document(f"plugins/modules/{module}.py")
    shared = [fragment(name) for name in own["extends_documentation_fragment"]]
    return set().union(*(_names(one.get("options", {})) for one in (own, *shared)))


def fragment(name: str) -> dict[str, t.Any]:
    """Return a fragment of documentation, named like C(ipsec.strongswan._netns)."""
    _namespace, _collection, file, *part = name.split(".")
    return document(f"plugins/doc_fragments/{file}.py", "".join(part).upper() or "DOCUMENTATION")


def document(path: str, name: str = "DOCUMENTATION") -> dict[str, t.Any]:
    """Return the documentation that a file holds."""
    found: dict[str, t.Any] = yaml.safe_load(examples.constant(CHECKOUT / path, name))
    return found


def _names(options: dict[str, t.Any]) -> set[str]:
    return set(options).union(*(_names(one.get("suboptions", {})) for one in options.values()))


@pytest.mark.parametrize("module", sorted(TASKS))
def test_every_option_has_an_example(module: str) -> None:
    calls = [examples.call(task) for task in TASKS[module]]
    free = FREE.get(module, set())
    shown = set().union(*(keys(given, free) for name, given in calls if name == module))
    assert options(module) - shown == set()
    assert shown - options(module) == set()


@pytest.mark.parametrize("module", sorted(TASKS))
def test_every_example_has_a_name(module: str) -> None:
    assert all(task["name"] for task in TASKS[module])
