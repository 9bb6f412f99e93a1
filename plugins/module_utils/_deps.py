# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guard around pyroute2: a missing or old library becomes a message, not a traceback."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import DependencyError

# 0.6.9 and older cannot delete on kernels from 5.19; Debian 12 ships 0.7.2.
PYROUTE2_MINIMUM = (0, 7, 2)
_REMEDY = (
    "install the package python3-pyroute2 (Debian, Ubuntu), or pyroute2 from PyPI"
    " for the Python that Ansible uses on this host"
)


def parse_version(text: str) -> t.Tuple[int, ...]:
    """Return the leading numbers of a version: V(0.7.2.post1) is (0, 7, 2)."""
    match = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


def check_pyroute2_version(text: str) -> None:
    """Accept a version of pyroute2, or say why not.

    :raises DependencyError: it is older than 0.7.2.
    """
    if parse_version(text) < PYROUTE2_MINIMUM:
        wanted = ".".join(str(part) for part in PYROUTE2_MINIMUM)
        raise DependencyError(
            f"pyroute2 {text or 'of an unknown version'} is too old:"
            f" expected {wanted} or newer; {_REMEDY}"
        )


def check_pyroute2() -> None:
    """Check that pyroute2 is there and new enough, without its import: that takes long.

    The version is in the name of a folder beside it; importlib.metadata takes long too.

    :raises DependencyError: it is missing, broken or older than 0.7.2.
    """
    spec = None if "pyroute2" in sys.modules else importlib.util.find_spec("pyroute2")
    if spec is not None and spec.origin:
        version = version_beside(os.listdir(os.path.dirname(os.path.dirname(spec.origin))))
        if version:
            check_pyroute2_version(version)
            return
    import_pyroute2()


def version_beside(names: t.Iterable[str]) -> str:
    """Return the version that C(pyroute2-0.7.2.dist-info) names, or V("") if nothing does."""
    for name in names:
        match = re.match(r"pyroute2-([0-9][^-]*)(?:-py3[.0-9]*)?\.(?:dist|egg)-info\Z", name)
        if match:
            return match.group(1)
    return ""


def import_pyroute2() -> t.Any:
    """Import pyroute2 and return it.

    :raises DependencyError: it is missing, broken or older than 0.7.2.
    """
    from importlib import metadata

    try:
        pyroute2 = importlib.import_module("pyroute2")
    except ImportError as error:
        raise DependencyError(f"pyroute2 cannot be imported ({error}): {_REMEDY}") from error
    try:
        version = metadata.version("pyroute2")
    except metadata.PackageNotFoundError:
        version = str(getattr(pyroute2, "__version__", ""))
    check_pyroute2_version(version)
    return pyroute2
