# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the modules' documentation, as data."""

from __future__ import annotations

import ast
import json
import typing as t
from pathlib import Path

KERNEL = (
    "vti_tunnel",
    "vti_route",
    "vti_info",
    "vti_preflight",
)  # modules whose examples tests/kernel runs
# modules whose examples tests/charon runs
CHARON = ("strongswan_conn", "strongswan_pool", "strongswan_authority", "strongswan_info")
SECRET = ("strongswan_secret",)  # the same, with values for variables and files
STARTER = ("strongswan_ipsec_conf",)  # modules whose examples tests/starter runs
PAIR = ("strongswan_sa",)  # modules whose examples tests/charon runs with a peer
HERE = ("strongswan_file",)  # modules whose examples tests/unit runs
MODULES = (*KERNEL, *CHARON, *SECRET, *STARTER, *PAIR, *HERE)
FILE = "build/examples.json"  # what a node gets, as it has no parser of YAML
Task = dict[str, t.Any]


def read(checkout: Path) -> dict[str, list[Task]]:
    """Return the tasks of each module's EXAMPLES block."""
    import yaml

    return {
        name: yaml.safe_load(constant(checkout / f"plugins/modules/{name}.py", "EXAMPLES"))
        for name in MODULES
        if (checkout / f"plugins/modules/{name}.py").exists()
    }


def stored(checkout: Path) -> dict[str, list[Task]]:
    """Return the same in a node, or in a checkout without what a node gets."""
    if not (checkout / FILE).exists():
        return read(checkout)
    found: dict[str, list[Task]] = json.loads((checkout / FILE).read_text())
    return found


def call(task: Task) -> tuple[str, dict[str, t.Any]]:
    """Return the module that a task calls, without its collection, and the options."""
    (key,) = [key for key in task if "." in key]
    return key.rpartition(".")[2], task[key] or {}


def constant(path: Path, name: str) -> str:
    """Return the text that a Python file assigns to a name, without importing the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            text: str = ast.literal_eval(node.value)
            return text
    raise LookupError(f"{path}: it has no {name}")
