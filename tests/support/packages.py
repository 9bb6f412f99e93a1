# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packages that a node gets and the checkout's environment has not, kept in build/."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

PURE_PYTHON_39 = (
    "--python-version=3.9",
    "--only-binary=:all:",
    "--implementation=py",
    "--abi=none",
    "--platform=any",
)
BULLSEYE = "deb http://deb.debian.org/debian bullseye main"  # the Debian release with Python 3.9
# Libraries that Python's own extension modules need in their version, beside a newer system's.
LIBRARIES = ("libffi", "libmpdec", "libssl", "libcrypto")


def pyroute2(checkout: Path, version: str) -> Path:
    """Return a folder that holds this version of pyroute2, from PyPI."""
    return _from_pypi(checkout / f"build/pyroute2-{version}", f"pyroute2=={version}")


def for_python39(checkout: Path) -> Path:
    """Return a folder that holds what tests need under Python 3.9, from PyPI."""
    pinned = checkout / "requirements/python39.txt"
    folder = checkout / f"build/python3.9-packages-{pinned.stat().st_mtime_ns}"
    return _from_pypi(folder, *PURE_PYTHON_39, "--requirement", str(pinned))


def python39(checkout: Path) -> Path:
    """Return a folder, to be laid over a node's root, that holds Debian's Python 3.9."""
    folder = checkout / "build/python3.9"
    if folder.exists():
        return folder
    print("fetching Python 3.9 from Debian 11", flush=True)
    unpacked, partial = (
        folder.with_name(f"{folder.name}.{state}") for state in ("unpacked", "partial")
    )
    for old in (unpacked, partial):
        shutil.rmtree(old, ignore_errors=True)
    folder.parent.mkdir(exist_ok=True)
    subprocess.run(
        [
            *("mmdebstrap", "--quiet", "--variant=extract", "--architectures=amd64"),
            *("--include=python3.9,libffi7", "--skip=output/dev"),
            *('--aptopt=APT::Install-Recommends "false"', "bullseye", str(unpacked), BULLSEYE),
        ],
        check=True,
    )
    for file in ("usr/bin/python3.9", "usr/lib/python3.9", "etc/python3.9"):
        (partial / file).parent.mkdir(parents=True, exist_ok=True)
        (unpacked / file).rename(partial / file)
    libraries = Path("usr/lib/x86_64-linux-gnu")
    (partial / libraries).mkdir()
    for library in (unpacked / libraries).iterdir():
        if re.split(r"[.-]", library.name)[0] in LIBRARIES:
            library.rename(partial / libraries / library.name)
    shutil.rmtree(unpacked)
    partial.rename(folder)
    return folder


def _from_pypi(folder: Path, *arguments: str) -> Path:
    if folder.exists():
        return folder
    print(f"fetching {folder.name}", flush=True)
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--no-deps"]
    subprocess.run([*install, "--target", str(partial), *arguments], check=True)
    partial.rename(folder)
    return folder
