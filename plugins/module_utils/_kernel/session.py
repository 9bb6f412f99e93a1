# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session with the kernel, in the namespace where the user wants to work."""

from __future__ import annotations

import contextlib
import errno
import os
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._deps import (
    check_pyroute2,
    import_pyroute2,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    InputError,
    KernelError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Netlink

NETNS_FOLDER = "/var/run/netns"  # where C(ip netns add) keeps the names, see ip-netns(8)

HINTS = {
    errno.EPERM: "the kernel wants CAP_NET_ADMIN: run as root (become: true)",
    errno.EACCES: "the kernel wants CAP_NET_ADMIN: run as root (become: true)",
    errno.EOPNOTSUPP: "this kernel lacks what that needs",
    errno.EEXIST: "another object was made in its place meanwhile; run again, and the plan will name it",
}


@dataclass(frozen=True)
class Session:
    """What talks to the kernel in one namespace."""

    netlink: Netlink


@contextlib.contextmanager
def in_namespace(netns: t.Optional[str]) -> t.Iterator[None]:
    """Enter a network namespace; leave it at the end.

    :raises DependencyError: pyroute2 is missing or too old.
    :raises InputError: there is no namespace of that name.
    """
    check_pyroute2()
    if not netns:
        yield
        return
    path = namespace_path(netns)
    pyroute2 = import_pyroute2()
    try:
        pyroute2.netns.pushns(path)
    except OSError as error:
        raise KernelError(f"netns '{netns}' cannot be entered: {explain(error)}") from error
    try:
        yield
    finally:
        pyroute2.netns.popns()


def namespace_path(netns: str) -> str:
    """Return the file that stands for a namespace.

    :raises InputError: there is no namespace of that name.
    """
    path = os.path.join(NETNS_FOLDER, netns)
    if "/" in netns or not os.path.exists(path):  # pyroute2 would make a missing one
        raise InputError(
            f"netns '{netns}' does not exist: expected a name that 'ip netns list' shows;"
            f" make it with 'ip netns add {netns}'"
        )
    return path


@contextlib.contextmanager
def open_session(netns: t.Optional[str] = None) -> t.Iterator[Session]:
    """Open a session in a namespace, and stay in that namespace until its end.

    :raises DependencyError: pyroute2 is missing or too old.
    :raises InputError: there is no namespace of that name.
    """
    with in_namespace(netns), Netlink() as netlink:
        yield Session(netlink)


def explain(error: OSError) -> str:
    """Return what the kernel said and what to do about it."""
    if error.errno is None:
        return str(error)
    said = error.strerror or os.strerror(error.errno)
    return _explained(said, error.errno, HINTS.get(error.errno, ""))


def _explained(said: str, code: int, hint: str) -> str:
    words = f"{said} ({errno.errorcode.get(code, code)})"
    return f"{words}; {hint}" if hint else words


def refusal(what: str, code: int, said: str = "", hint: str = "") -> KernelError:
    """Return the error for a request that the kernel refused; O(said) are its own words."""
    words = f"{os.strerror(code)}: {said}" if said else os.strerror(code)
    explained = _explained(words, code, hint or HINTS.get(code, ""))
    return KernelError(f"{what}: the kernel refused it, {explained}")


@contextlib.contextmanager
def request(what: str) -> t.Iterator[None]:
    """Turn an error of one request into a message that names the object.

    :raises KernelError: the kernel refused the request.
    """
    try:
        yield
    except OSError as error:
        raise KernelError(f"{what}: the kernel refused it, {explain(error)}") from error
