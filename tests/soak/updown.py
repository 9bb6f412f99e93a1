# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random events with real charons; after each of them both hosts must hold what their SAs want.

Runs inside a node: tests/run_in_node.py soak-updown -- --events 500 --seed 7. The seed is printed, so
that a failure can be run again. After a failure it goes on with new hosts, and counts.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sys
import time
import typing as t
from collections import Counter

from ansible_collections.ipsec.strongswan.tests.updown import site as hosts
from ansible_collections.ipsec.strongswan.tests.updown.host import HOOK, settle
from ansible_collections.ipsec.strongswan.tests.updown.row import ROUTES, Row

EPISODE = 50  # events until the hosts are made anew, with other kinds of devices
CLIENTS = (
    {"mark_in": "2", "mark_out": "2"},
    {"if_id_in": "7", "if_id_out": "7"},
    {"mark_in": "%unique", "mark_out": "%unique"},
    {"if_id_in": "%unique-dir", "if_id_out": "%unique-dir"},
)
GATEWAYS = (
    {"mark_in": "42", "mark_out": "42"},
    {"if_id_in": "42", "if_id_out": "42"},
    {"mark_in": "%unique", "mark_out": "%unique"},
)


class Episode:
    """Two hosts, and what can happen to them."""

    def __init__(self, row: Row, rng: random.Random) -> None:
        self.row, self.rng = row, rng
        self.at_client, self.at_gateway = rng.choice(CLIENTS), rng.choice(GATEWAYS)
        self.made_at = ""  # the client's address when the devices were made
        for node in (row.client, row.gateway):
            node.retransmit_tries = 7  # a busy machine is no dead peer
        row.stay_on_ipv4()
        row.client.make_before_break = rng.random() < 0.5
        row.gateway_up(self.at_gateway)
        self._client_up()

    def __str__(self) -> str:
        order = "make before break" if self.row.client.make_before_break else "break before make"
        return f"client {self.at_client}, gateway {self.at_gateway}, {order}"

    def step(self) -> str:
        """Let something happen that can happen now; return its name."""
        event = self.rng.choice(self._possible())
        event()
        return event.__name__

    def check(self) -> None:
        """Check the invariant."""
        vti = any("mark_in" in one for one in (self.at_client, self.at_gateway))
        moved = (
            self.made_at != self.row.client_address()
        )  # a VTI's endpoint is not where the peer is
        closed = moved and vti
        self.row.check(flows=self._is_up() and not closed, devices=not closed)

    def _is_up(self) -> bool:
        return bool(self.row.client.children())

    def _possible(self) -> list[t.Callable[[], None]]:
        always = [self.charon_killed, self.charon_killed_by_starter, self.daemon_restarted]
        if not self._is_up():
            return [self.up, self.up, self.hook_killed_at_up]
        often = [self.down, self.child_rekey, self.ike_rekey, self.reauthentication] * 2
        return [*often, *always, self.hook_killed_at_down, self.peer_killed, self.move]

    def _client_up(self) -> None:
        self.made_at = self.row.client_address()
        self.row.client_up(self.row.client, self.at_client, local_addrs=["%any"])

    def _settle(self) -> None:
        settle(self.row.client, self.row.gateway)

    def up(self) -> None:
        """The client brings its child up."""
        self._client_up()

    def down(self) -> None:
        """The client takes its IKE SA down."""
        self.row.client.terminate(ike="rw")
        self._settle()

    def child_rekey(self) -> None:
        """Other keys."""
        self.row.rekey_child()

    def ike_rekey(self) -> None:
        """Another IKE SA, and other ids."""
        self.row.rekey_ike()

    def reauthentication(self) -> None:
        """All anew."""
        self.row.reauthenticate()
        self.made_at = self.row.client_address()

    def charon_killed(self) -> None:
        """Killed, and started by its unit."""
        self.row.client.kill()
        self.row.client.clean()
        self._client_up()

    def charon_killed_by_starter(self) -> None:
        """Killed, and started by starter, which clears nothing."""
        self.row.client.kill()
        self._client_up()

    def daemon_restarted(self) -> None:
        """Stopped and started."""
        self.row.client.stop()
        self.row.client.clean()
        self._client_up()

    def peer_killed(self) -> None:
        """The gateway killed and started; the client finds out when it asks."""
        self.row.gateway.kill()
        if self.rng.random() < 0.5:
            self.row.gateway.clean()
        self.row.gateway_up(self.at_gateway)
        self.row.client.terminate(must=False, ike="rw")
        settle(self.row.client)
        self._client_up()

    def hook_killed_at_up(self) -> None:
        """The hook dies at work, and the next events mend it."""
        with self.row.client.killing(self.rng.uniform(0, 0.04)):
            self._client_up()
        self.down()
        self._client_up()

    def hook_killed_at_down(self) -> None:
        """The hook dies at work, and the next event mends it."""
        with self.row.client.killing(self.rng.uniform(0, 0.04)):
            self.down()
        self._client_up()

    def move(self) -> None:
        """The client gets another address (MOBIKE)."""
        self.row.move_client()


@contextlib.contextmanager
def episode(rng: random.Random) -> t.Iterator[Episode]:
    """Make new hosts."""
    with hosts.running(HOOK, HOOK) as site:
        row = Row(site, "ours", site.client)
        row.arguments["client"] = " ".join(f"--route {one}" for one in ROUTES)
        yield Episode(row, rng)


def main() -> int:
    """Run; return 0 if all went well."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--events", type=int, default=500)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"updown: {arguments.events} random events, --seed {arguments.seed}", flush=True)
    rng = random.Random(arguments.seed)
    number, failed, killed, started = 0, 0, 0, time.monotonic()
    events: Counter[str] = Counter()
    while number < arguments.events:
        with episode(rng) as hosts_of_it:
            print(
                f"{number} events in {time.monotonic() - started:.0f} s; {hosts_of_it}", flush=True
            )
            names: list[str] = []
            try:
                hosts_of_it.check()
                while len(names) < EPISODE and number < arguments.events:
                    number += 1
                    names.append("?")
                    names[-1] = hosts_of_it.step()
                    hosts_of_it.check()
            except AssertionError as error:
                failed += 1
                print(f"FAILED at event {number}, after {names[-6:]}: {error}", flush=True)
                for node in hosts_of_it.row.site.nodes[:2]:
                    print(f"  {node.name} said: " + "\n    ".join(node.said()[-8:]), flush=True)
                    tail = node.log().splitlines()[-20:]
                    print(f"  log of {node.name}: " + "\n    ".join(tail), flush=True)
            events.update(names)
            killed += hosts_of_it.row.client.killed()
    print("updown: " + ", ".join(f"{count} {name}" for name, count in events.most_common()))
    print(f"updown: {killed} runs of the hook were killed before their end")
    print(f"updown: {number} events, {failed} failed, --seed {arguments.seed}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
