# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sysctls of a device, by /proc: a dot in a device's name breaks the keys of sysctl(8)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import KernelError

FAMILIES = ("ipv4", "ipv6")


def _path(family: str, name: str, key: str) -> str:
    return f"/proc/sys/net/{family}/conf/{name}/{key}"


def read_disable_policy(name: str) -> t.Optional[bool]:
    """Return whether C(disable_policy) is set for both inner families; None if they differ.

    A family that the host has switched off does not count.
    """
    values = {_read(family, name) for family in FAMILIES} - {None}
    return values.pop() if len(values) == 1 else None


def _read(family: str, name: str) -> t.Optional[bool]:
    try:
        with open(_path(family, name, "disable_policy"), encoding="ascii") as file:
            return file.read().strip() != "0"
    except FileNotFoundError:
        return None


def write_disable_policy(name: str, value: bool) -> None:
    """Set C(disable_policy) for both inner families.

    :raises KernelError: it cannot be written.
    """
    for family in FAMILIES:
        if family == "ipv4" or _read(family, name) is not None:  # IPv6 may be switched off
            _write(_path(family, name, "disable_policy"), name, value)


def _write(path: str, name: str, value: bool) -> None:
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write("1" if value else "0")
    except OSError as error:
        raise KernelError(
            f"tunnel {name}: {path} cannot be written, {error.strerror};"
            " run as root, and with /proc/sys writable (a privileged container)"
        ) from error
