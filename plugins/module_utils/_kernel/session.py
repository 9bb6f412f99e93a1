# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A netlink session, in the namespace where the user wants to work."""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._deps import import_pyroute2
from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    InputError,
    KernelError,
)

NETNS_FOLDER = "/var/run/netns"  # where C(ip netns add) keeps the names, see ip-netns(8)

HINTS = {
    errno.EPERM: "the kernel wants CAP_NET_ADMIN: run as root (become: true)",
    errno.EACCES: "the kernel wants CAP_NET_ADMIN: run as root (become: true)",
    errno.EOPNOTSUPP: "this kernel has no VTI: module ip_vti cannot be loaded (CONFIG_NET_IPVTI);"
    " install the distribution's full kernel and its modules",
    errno.EEXIST: "another object was made in its place meanwhile; run again, and the plan will name it",
}


@contextlib.contextmanager
def in_namespace(netns: t.Optional[str]) -> t.Iterator[t.Any]:
    """Enter a network namespace and give the pyroute2 package; leave it at the end.

    :raises DependencyError: pyroute2 is missing or too old.
    :raises InputError: there is no namespace of that name.
    """
    pyroute2 = import_pyroute2()
    if not netns:
        yield pyroute2
        return
    # pyroute2 would make a missing namespace.
    if "/" in netns or not os.path.exists(os.path.join(NETNS_FOLDER, netns)):
        raise InputError(
            f"netns '{netns}' does not exist: expected a name that 'ip netns list' shows;"
            f" make it with 'ip netns add {netns}'"
        )
    try:
        pyroute2.netns.pushns(netns)
    except OSError as error:
        raise KernelError(f"netns '{netns}' cannot be entered: {explain(error)}") from error
    try:
        yield pyroute2
    finally:
        pyroute2.netns.popns()


@contextlib.contextmanager
def open_session(netns: t.Optional[str] = None) -> t.Iterator[t.Any]:
    """Open a netlink socket in a namespace and give pyroute2's IPRoute."""
    with in_namespace(netns) as pyroute2, pyroute2.IPRoute() as ipr:
        yield ipr


def explain(error: Exception) -> str:
    """Return what the kernel said and what to do about it."""
    code = getattr(error, "code", None) or getattr(error, "errno", None)
    if not isinstance(code, int):
        return str(error)
    said = f"{os.strerror(code)} ({errno.errorcode.get(code, code)})"
    return f"{said}; {HINTS[code]}" if code in HINTS else said


@contextlib.contextmanager
def request(what: str) -> t.Iterator[None]:
    """Turn an error of one request into a message that names the object.

    :raises KernelError: the kernel refused the request.
    """
    netlink_error: t.Type[Exception] = importlib.import_module("pyroute2").NetlinkError
    try:
        yield
    except (netlink_error, OSError) as error:
        raise KernelError(f"{what}: the kernel refused it, {explain(error)}") from error
