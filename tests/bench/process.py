# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run modules as Ansible runs them on a target: one process, the code in a zip, no bytecode cached.

Ansible's own wrapper (AnsiballZ) needs the controller; this packs the same files the same way.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIST = """
import importlib, json, pkgutil, sys
importlib.import_module(sys.argv[1])
try:  # from ansible-core 2.19, found by name at run time
    from ansible.module_utils._internal._json import _profiles
    for one in pkgutil.iter_modules(_profiles.__path__, _profiles.__name__ + "."):
        importlib.import_module(one.name)
except ImportError:
    pass
files = {
    name: module.__file__
    for name, module in sys.modules.items()
    if name.split(".")[0] in ("ansible", "ansible_collections") and getattr(module, "__file__", None)
}
print(json.dumps(files))
"""
RUN = """
import sys
sys.path[:] = [sys.argv[1]] + [path for path in sys.path if "/opt/" not in path]
from ansible.module_utils import basic
basic._ANSIBLE_ARGS = sys.stdin.buffer.read()
if hasattr(basic, "_ANSIBLE_PROFILE"):
    basic._ANSIBLE_PROFILE = "legacy"
import runpy
runpy.run_module(sys.argv[2], run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Ran:
    """What a run of a module took: seconds, and the peak of its memory in MB."""

    seconds: float
    megabytes: float


class Program:
    """A module, packed to be run as a process of its own."""

    def __init__(self, module: str, folder: Path) -> None:
        self.module = module
        self._zip = folder / f"{module}.zip"
        listed = subprocess.run(
            [sys.executable, "-c", LIST, module], capture_output=True, check=True, text=True
        )
        files: dict[str, str] = json.loads(listed.stdout)
        with zipfile.ZipFile(
            self._zip, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False
        ) as archive:
            for name, path in files.items():
                inside = name.replace(".", "/")
                package = Path(path).name == "__init__.py"
                archive.write(path, f"{inside}/__init__.py" if package else f"{inside}.py")
            known = set(archive.namelist())
            for name in known.copy():
                for parent in list(Path(name).parents)[:-1]:
                    if f"{parent}/__init__.py" not in known:
                        known.add(f"{parent}/__init__.py")
                        archive.writestr(f"{parent}/__init__.py", "")

    def run(self, **options: Any) -> Ran:
        """Run the module in a new process; it must succeed."""
        arguments = json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode()
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as printed:
            given.write(arguments)
            given.seek(0)
            started = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-c", RUN, str(self._zip), self.module],
                stdin=given,
                stdout=printed,
            )
            _pid, status, usage = os.wait4(process.pid, 0)
            taken = time.perf_counter() - started
            printed.seek(0)
            if os.waitstatus_to_exitcode(status) != 0:
                raise SystemExit(f"{self.module}: {printed.read().decode()[-2000:]}")
        return Ran(taken, usage.ru_maxrss / 1024)
