# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layers: an import goes down only, and the pure ones import neither ansible nor pyroute2."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
UTILS = PLUGINS / "module_utils"
TOPOLOGY = sorted((PLUGINS / "plugin_utils").rglob("*.py"))
HERE = "ansible_collections.ipsec.strongswan.plugins.module_utils."
FILES = sorted(UTILS.rglob("*.py"))

# Each layer may import itself, the ones after it, and the ground.
LAYERS = ("_runner", "_resource", "_kernel", "_plan", "_render", "_model", "_spec")
GROUND = {"_errors", "_owner", "_host", "_lock", "_staged", "_deps"}
ROOMS = {"_kernel", "_swanctl", "_ipsec_conf", "_vici"}
MAY = {"_ipsec_conf": {"_swanctl"}}  # the notations that both have in common
PURE = {"_model", "_plan", "_render", "_spec", "_errors", "_owner"}
PURE_BUT = {  # rooms that are pure, and their files that are not
    "_ipsec_conf": {"store", "starter", "candidate"},
    "_swanctl": {"store", "strongswan_conf"},
}
PURE_FILES = {"_vici/wire.py"}


def imports(path: Path) -> set[str]:
    """Return the names of the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def layer_of(path: Path) -> str:
    """Return the layer that a file belongs to."""
    return path.relative_to(UTILS).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UTILS)))
def test_pure_layers_import_no_library(path: Path) -> None:
    name = path.relative_to(UTILS).as_posix()
    pure_room = layer_of(path) in PURE_BUT and path.stem not in PURE_BUT[layer_of(path)]
    if layer_of(path) in PURE or name in PURE_FILES or pure_room:
        foreign = {one.split(".")[0] for one in imports(path) if not one.startswith(HERE[:-1])}
        assert not foreign & {"ansible", "pyroute2", "socket", "subprocess", "os"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UTILS)))
def test_imports_go_down(path: Path) -> None:
    layer = layer_of(path)
    for name in imports(path):
        if not name.startswith(HERE):
            continue
        target = name.removeprefix(HERE).split(".")[0]
        if target == layer or target in GROUND:
            continue
        if layer in ROOMS:
            other_rooms = ROOMS - {layer} - MAY.get(layer, set())
            assert target not in {"_runner", "_resource"} | other_rooms, f"{path}: {name}"
        elif layer in LAYERS and target in LAYERS:
            assert LAYERS.index(target) > LAYERS.index(layer), f"{path}: {name}"
        elif layer in PURE | GROUND:
            assert target in PURE | {"_swanctl", "_ipsec_conf", "_vici"}, f"{path}: {name}"


@pytest.mark.parametrize("path", TOPOLOGY, ids=lambda path: path.stem)
def test_the_topology_is_pure_and_stands_on_the_model(path: Path) -> None:
    for name in imports(path):
        own = f"{HERE.removesuffix('module_utils.')}plugin_utils."
        allowed = (HERE + "_errors", HERE + "_model.", own)
        assert name.startswith(allowed) or name.split(".")[0] != "ansible_collections", name
        assert name.split(".")[0] not in {"ansible", "pyroute2", "socket", "subprocess", "os"}


@pytest.mark.parametrize("path", sorted(UTILS.rglob("*.py")), ids=lambda path: path.name)
def test_pyroute2_is_imported_in_its_rooms_only(path: Path) -> None:
    if layer_of(path) not in {"_kernel", "_deps"}:
        assert not any(name.split(".")[0] == "pyroute2" for name in imports(path))


@pytest.mark.parametrize("path", sorted((PLUGINS / "modules").glob("*.py")), ids=lambda p: p.stem)
def test_a_module_is_documentation_and_one_call(path: Path) -> None:
    tree = ast.parse(path.read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert [function.name for function in functions] == ["main"]
    assert len(functions[0].body) == 1
