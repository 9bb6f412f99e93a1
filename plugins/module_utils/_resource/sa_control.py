# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bring SAs up and down by charon, wait for it, and keep what it logs for the message."""

from __future__ import annotations

import re
import time
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import CharonError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import (
    ESTABLISHED,
    IkeSa,
    parse_ike_sa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.disruption import live
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.live_connection import (
    by_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_found import (
    UP,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_steps import (
    Terminate,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.shared_ike import (
    Holders,
    part_of,
    shared_out,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
    RefusedError,
)

DUPLICATE = re.compile(r"due to existing duplicate \{(\d+)\}")
"""What charon logs when it makes no child, as there is one with the same configuration."""

MARGIN = 5  # seconds; charon itself answers when the time is over
PAUSE = 0.1
SHOWN = 12  # lines of the log in a message


class SaControl:
    """Commands for the SAs of one connection; each waits until it is so, or the time is over."""

    def __init__(
        self, socket: str, seconds: int, connection: str, what: str, holders: Holders
    ) -> None:
        """Take the socket, the seconds for each command, and how messages name the SA.

        O(holders) are the connections by the names of their children.
        """
        self._socket = socket
        self._seconds = seconds
        self._connection = connection
        self._what = what
        self._holders = holders

    def alive(self) -> t.Tuple[IkeSa, ...]:
        """Return the connection's live SAs, also those in IKE SAs of other connections."""
        sas = by_connection(self._listed())
        mine = live(shared_out(sas, self._holders).get(self._connection, ()))
        return tuple(part_of(self._connection, ike, self._holders) for ike in mine)

    def _named(self) -> t.List[IkeSa]:
        """Return the SAs in IKE SAs of the connection's name: quicker, if there are many others."""
        return self._listed(self._connection)

    def _listed(self, connection: str = "") -> t.List[IkeSa]:
        with self._client() as client:
            return [parse_ike_sa(told) for told in charon.live_sas(client, connection)]

    def initiate(self, child: str) -> int:
        """Initiate a child, or the IKE SA alone; return 0.

        If charon makes none, as there is one with the same configuration, return the id of that.

        :raises CharonError: it does not come up; the message has what charon logged.
        """
        log: t.List[str] = []
        try:
            with self._client() as client:
                log.extend(charon.initiate(client, self._connection, child, self._seconds))
        except RefusedError as error:
            if _duplicate(log):
                return _duplicate(log)
            raise CharonError(f"{self._what}: {error.reason}.{self._gathered(log)}") from error
        if _duplicate(log):
            return _duplicate(log)
        self._wait(
            lambda: _is_up(self._named(), child) or _is_up(self.alive(), child),
            "charon initiated it, but it is not installed",
            lambda: log,
        )
        return 0

    def reauthenticate(self, ikes: t.Sequence[int], children: t.Sequence[str]) -> None:
        """Let charon make IKE SAs anew with their children.

        charon goes on with it after its answer, and may keep the former SA until the new one is up
        (make_before_break, the default from 6.0 on).

        :raises CharonError: it does not come up; the message has what charon logged.
        """
        with self._client() as listener:
            charon.listen_to_log(listener)
            with self._client() as client:
                for uniqueid in ikes:
                    charon.reauthenticate(client, uniqueid)
            self._wait(
                lambda: (
                    not any(ike.uniqueid in ikes for ike in self.alive()) and not self._beginning()
                ),
                "it was to be authenticated anew, and the former SA is still there",
                lambda: charon.log_of(listener, self._connection),
            )
        up = {child.name for ike in self.alive() for child in ike.children if child.state in UP}
        for child in children:
            if child not in up:
                self.initiate(child)

    def _beginning(self) -> bool:
        """Return whether an SA is neither up nor given up."""
        return any(
            ike.state != ESTABLISHED or any(child.state not in UP for child in ike.children)
            for ike in self.alive()
        )

    def terminate(self, ids: Terminate) -> None:
        """End SAs; those that are gone already are no error.

        :raises CharonError: one is still there when the time is over.
        """
        log: t.List[str] = []
        for kind, uniqueids in (("child", ids.children), ("ike", ids.ikes)):
            for uniqueid in uniqueids:
                try:
                    with self._client() as client:
                        log.extend(charon.terminate(client, kind, uniqueid, self._seconds))
                except RefusedError as error:
                    log.append(error.reason)
        self._wait(
            lambda: (
                not any(
                    ike.uniqueid in ids.ikes
                    or any(child.uniqueid in ids.children for child in ike.children)
                    for ike in self.alive()
                )
            ),
            "it was to end, and is still there",
            lambda: log,
        )

    def _client(self) -> Client:
        return Client(self._socket, float(self._seconds + MARGIN))

    def _wait(
        self, done: t.Callable[[], bool], problem: str, log: t.Callable[[], t.Sequence[str]]
    ) -> None:
        end = time.monotonic() + self._seconds
        while not done():
            if time.monotonic() >= end:
                raise CharonError(
                    f"{self._what}: {problem} after {self._seconds} s.{self._gathered(log())}"
                )
            time.sleep(PAUSE)

    @staticmethod
    def _gathered(log: t.Sequence[str]) -> str:
        if not log:
            return " See charon's log (journalctl -u strongswan)"
        return f" charon's log: {' | '.join(log[-SHOWN:])}"


def _duplicate(log: t.Iterable[str]) -> int:
    """Return the id of the child that charon found to have the same configuration, or 0."""
    found = [DUPLICATE.search(line) for line in log]
    return next((int(match.group(1)) for match in found if match is not None), 0)


def _is_up(sas: t.Iterable[IkeSa], child: str) -> bool:
    return any(
        (not child and ike.state == ESTABLISHED)
        or any(one.name == child and one.state in UP for one in ike.children)
        for ike in sas
    )
