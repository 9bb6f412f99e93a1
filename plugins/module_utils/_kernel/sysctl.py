# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sysctls of a device, by /proc: a dot in a device's name breaks the keys of sysctl(8)."""

from __future__ import annotations

import contextlib
import os
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import KernelError

FOLDER = "/proc/sys/net"
FAMILIES = {
    "disable_policy": ("ipv4", "ipv6"),
    "forwarding": ("ipv4", "ipv6"),
    "rp_filter": ("ipv4",),
}
# ipv6's mtu follows the link's; mc_forwarding is the multicast routing daemon's, and read-only.
NOT_KEPT = {"mtu", "mc_forwarding"}


def write_sysctl(name: str, key: str, value: int) -> None:
    """Set a sysctl of a device for each family that has it; IPv6 may be switched off.

    :raises KernelError: it cannot be written.
    """
    for family in FAMILIES[key]:
        path = f"{FOLDER}/{family}/conf/{name}/{key}"
        try:
            _write(path, b"%d" % value)
        except FileNotFoundError as error:
            if family == "ipv4":
                raise _unwritten(name, path, error) from error
        except OSError as error:
            raise _unwritten(name, path, error) from error


def read_all(name: str) -> t.Dict[str, bytes]:
    """Return all sysctls of a device by their files."""
    found = {}
    for family in ("ipv4", "ipv6"):
        folder = f"{FOLDER}/{family}/conf/{name}"
        with contextlib.suppress(FileNotFoundError):
            for key in sorted(set(os.listdir(folder)) - NOT_KEPT):
                with contextlib.suppress(OSError):  # EIO: a secret that is not set
                    found[f"{folder}/{key}"] = _read(f"{folder}/{key}")
    return found


CHOSEN_BY_KIND = ("/addr_gen_mode", "/stable_secret")
"""What the kernel chooses for a new device by its kind (addrconf_init_auto_addrs); to write the
second changes the first."""


def write_all(name: str, kept: t.Mapping[str, bytes]) -> None:
    """Write the sysctls of a device that are not as they were.

    :raises KernelError: one cannot be written.
    """
    found = read_all(name)
    for path, value in kept.items():
        if path in found and found[path] != value and not path.endswith(CHOSEN_BY_KIND):
            try:
                _write(path, value)
            except OSError as error:
                raise _unwritten(name, path, error) from error


@contextlib.contextmanager
def promoting_secondaries(name: str) -> t.Iterator[None]:
    """Let no IPv4 address go because it is in the network of one that is removed."""
    path = f"{FOLDER}/ipv4/conf/{name}/promote_secondaries"
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)  # of the namespace of the moment
    except OSError:  # not to be written here: the next run adds what was lost
        yield
        return
    try:
        before = os.read(file, 16)
        os.pwrite(file, b"1", 0)
        try:
            yield
        finally:
            os.pwrite(file, before, 0)
    finally:
        os.close(file)


def _read(path: str) -> bytes:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(file, 4096)
    finally:
        os.close(file)


def _write(path: str, value: bytes) -> None:
    # A thousand devices have two thousand of these: io's layers would double their time.
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(file, value)
    finally:
        os.close(file)


def _unwritten(name: str, path: str, error: OSError) -> KernelError:
    return KernelError(
        f"tunnel {name}: {path} cannot be written, {error.strerror};"
        " run as root, and with /proc/sys writable (a privileged container)"
    )
