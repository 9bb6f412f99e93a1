# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What charon tells of its SAs, by swanctl."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from testinfra.host import Host

_TIMEOUT = 20.0  # seconds
_IKE = re.compile(r"^(\S+): #(\d+), (\w+)", re.MULTILINE)
_CHILD = re.compile(r"^  (\S+): #(\d+), reqid \d+, (\w+),", re.MULTILINE)
_AGE = re.compile(r"^ +(established|installed) (\d+)s ago", re.MULTILINE)
_VIRTUAL = re.compile(r"^  remote '([^']*)' @ \S+ \[([^]]*)\]$", re.MULTILINE)
_SPI = re.compile(r"^    (?:in|out) +([0-9a-f]{8})\b", re.MULTILINE)


class CharonError(Exception):
    """The SAs did not become what was waited for."""


@dataclass(frozen=True)
class Live:
    """The SAs of a connection: `ids` of IKE and CHILD SAs, their `spis`, and how many seconds old."""

    ids: tuple[str, ...]
    spis: tuple[str, ...]
    ages: tuple[int, ...]


def list_sas(host: Host) -> str:
    """Return what swanctl lists."""
    return str(host.check_output("swanctl --list-sas"))


def ike_sas(host: Host) -> dict[str, str]:
    """Return the names of the connections of established IKE SAs by the SA's number."""
    return {id_: name for name, id_, state in _IKE.findall(list_sas(host)) if _up(state)}


def child_sas(host: Host) -> dict[str, str]:
    """Return the names of the children of installed CHILD SAs by the SA's number."""
    return {id_: name for name, id_, state in _CHILD.findall(list_sas(host)) if _up(state)}


def virtual_addresses(host: Host) -> dict[str, set[str]]:
    """Return the addresses that a gateway has given to its peers, by the peers' identities."""
    return {identity: set(given.split()) for identity, given in _VIRTUAL.findall(list_sas(host))}


def live(host: Host, connection: str) -> Live:
    """Return what is up of a connection whose child has the same name."""
    listed = host.check_output("swanctl --list-sas --ike %s", connection)
    return Live(
        ids=tuple(id_ for _name, id_, _state in (*_IKE.findall(listed), *_CHILD.findall(listed))),
        spis=tuple(_SPI.findall(listed)),
        ages=tuple(int(age) for _what, age in _AGE.findall(listed)),
    )


def loaded_secrets(host: Host) -> set[str]:
    """Return the ids of the shared secrets that charon holds.

    swanctl asks for them before it loads those of the files, and shows the answer.
    """
    output = host.check_output("swanctl --load-creds --noprompt --raw")
    answer = re.search(r"get-shared reply \{keys=\[(.*?)\]", output)
    if answer is None:
        raise CharonError(f"no answer to get-shared: {output}")
    return set(answer.group(1).split())


def wait_for(what: str, come: Callable[[], bool], timeout: float = _TIMEOUT) -> None:
    """Wait until it has come.

    :raises CharonError: it did not.
    """
    deadline = time.monotonic() + timeout
    while not come():
        if time.monotonic() > deadline:
            raise CharonError(f"not within {timeout:.0f} s: {what}")
        time.sleep(0.2)


def wait_for_no_sa(hosts: Iterable[Host]) -> None:
    """Wait until no host has an SA."""
    wait_for("no SA", lambda: all(list_sas(host).strip() == "" for host in hosts))


def wait_for_children(host: Host, names: set[str], timeout: float = _TIMEOUT) -> None:
    """Wait until a host has CHILD SAs of these names, and of no others."""
    what = f"SAs of {', '.join(sorted(names))} only on {host.backend.get_hostname()}"
    wait_for(what, lambda: set(child_sas(host).values()) == names, timeout)


def _up(state: str) -> bool:
    return state in {"ESTABLISHED", "INSTALLED"}
