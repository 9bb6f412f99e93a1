# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a node needs to run tests: an archive made from the checkout and its environment."""

from __future__ import annotations

import io
import json
import tarfile
from importlib import metadata
from pathlib import Path

from . import examples, packages, updown_hook
from .states import FILE as STATES
from .states import State, to_store

FOLDER = "/opt/ipsec-strongswan-test"
COLLECTION = "collections/ansible_collections/ipsec/strongswan"
PACKAGES = (
    "pytest",
    "pytest-xdist",
    "execnet",
    "pluggy",
    "iniconfig",
    "packaging",
    "pygments",
    "vici",  # the official client, which ours is compared with
)
COLLECTION_PARTS = (
    "plugins",
    "roles/strongswan_vti/files",
    "tests/support",
    "tests/kernel",
    "tests/contract",
    "tests/hook",
    "tests/charon",
    "tests/starter",
    "tests/networkd",
    "tests/updown",
    "tests/apparmor",
    "tests/bench",
    "tests/soak",
    "pyproject.toml",
)


def archive(checkout: Path, pyroute2: str | None, *, python39: bool, states: list[State]) -> bytes:
    """Return a tar archive to unpack at the root of a node.

    With O(python39) the node gets that interpreter beside its own.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        if python39:
            tar.add(packages.python39(checkout), "/")
            _add_tree(tar, packages.for_python39(checkout), "site")
        else:
            for name in PACKAGES:
                _add_package(tar, name)
        _add_package(tar, "ansible-core", only="ansible/module_utils/")
        for module in ("ping", "command"):  # what the benchmark compares with
            _add_package(tar, "ansible-core", only=f"ansible/modules/{module}.py")
        # As on a target: module_utils without the controller's part of ansible-core.
        for package in (
            "site/ansible",
            "collections/ansible_collections",
            "collections/ansible_collections/ipsec",
        ):
            _add_text(tar, f"{package}/__init__.py", "")
        for part in COLLECTION_PARTS:
            _add_tree(tar, checkout / part, f"{COLLECTION}/{part}")
        _add_text(tar, f"{COLLECTION}/{updown_hook.FILE}", updown_hook.read(checkout), mode=0o755)
        # Nodes have no parser of YAML.
        _add_text(tar, f"{COLLECTION}/{examples.FILE}", json.dumps(examples.read(checkout)))
        _add_text(tar, f"{COLLECTION}/{STATES}", to_store(states))
        if pyroute2 is not None:
            _add_tree(tar, packages.pyroute2(checkout, pyroute2), "site")
    return buffer.getvalue()


def _add_package(tar: tarfile.TarFile, name: str, only: str = "") -> None:
    distribution = metadata.distribution(name)
    for file in distribution.files or ():
        path = file.as_posix()
        wanted = path.startswith(only) or path == "ansible/release.py"
        if wanted and not path.startswith("..") and not path.endswith(".pyc"):
            tar.add(str(distribution.locate_file(file)), f"{FOLDER}/site/{path}", recursive=False)


def _add_tree(tar: tarfile.TarFile, source: Path, name: str) -> None:
    def keep(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
        return None if "__pycache__" in info.name else info

    if source.exists():
        tar.add(source, f"{FOLDER}/{name}", filter=keep)


def _add_text(tar: tarfile.TarFile, name: str, text: str, mode: int = 0o644) -> None:
    info = tarfile.TarInfo(f"{FOLDER}/{name}")
    info.mode = mode
    info.size = len(text.encode())
    tar.addfile(info, io.BytesIO(text.encode()))
