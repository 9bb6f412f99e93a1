# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kill the modules with SIGKILL in mid-run: the next run converges, and leaves foreign objects alone.

Half of the kills come at a random time. The other half come at the n-th call of a kind that changes
something (strace injects the signal), as a kernel that works on a batch takes no signal: what can
be left half done lies between two calls.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
import typing as t
from collections import Counter

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    DOOMED_GROUP,
    UNFINISHED_GROUP,
)
from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.states import (
    NOTHING,
    Entry,
    Host,
    State,
    host,
)
from ansible_collections.ipsec.strongswan.tests.support.witness import difference

CALLS = ("sendto", "sendmsg", "write")
BULK = 12
TURNS = 6  # how often each two states take turns
FOREIGN_DEVICES = {
    "foreign0": 0,
    "foreign1": 7,  # a group that tunnels of ours are in, too
    "foreign2": UNFINISHED_GROUP - 1,
    "foreign3": DOOMED_GROUP + 1,
    "foreign4": UNFINISHED_GROUP,
    "foreign5": DOOMED_GROUP,
}
FOREIGN = (
    *(f"link add {name} group {group} type dummy" for name, group in FOREIGN_DEVICES.items()),
    "link add foreign6 group 7 type vti local 192.0.2.1 remote 198.51.100.99 key 1",
    "link add foreign7 group 7 type xfrm dev eth0 if_id 99",
    "link set foreign6 up",
    "addr add 10.250.6.1/24 dev foreign6",
    "route add 10.251.0.0/24 dev eth0 metric 10",
    "route add 10.2.0.0/24 dev foreign6 metric 99",
    "route add 10.2.0.0/24 dev foreign6 metric 99 table 100",
    "route add blackhole 10.3.0.0/16 metric 99",
    "route add fd02::/64 dev foreign6 metric 99",
)


class KillTest:
    """Kills and counts."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.kills = 0
        self.failed = 0
        self.by_time: Counter[str] = Counter()
        self.usual = 1.0  # seconds that a run takes
        self.last = dict.fromkeys(CALLS, 20.0)  # how many calls of a kind a run makes, about

    def run(self, states: t.Iterable[State], kills: int) -> None:
        """Bring hosts from state to state, killed on the way, until there were enough kills."""
        drawn = iter(states)
        for first, second in zip(drawn, drawn):  # noqa: B905 (Python 3.9 knows no strict)
            if self.kills < kills:
                self._take_turns(self._with_bulk(first), self._with_bulk(second), kills)

    def _take_turns(self, first: State, second: State, kills: int) -> None:
        """Bring a host from nothing to a state, to the other one, back, and so on."""
        alone = {id(state): _alone(state) for state in (first, second)}
        before = NOTHING
        with host(*FOREIGN) as walked:
            for turn in range(TURNS):
                state = (first, second)[turn % 2]
                try:
                    self._step(walked, state, alone[id(state)])
                except AssertionError as error:
                    self.failed += 1
                    print(f"FAILED: {error}\nfrom {before}\nto {state}", flush=True)
                    return
                before = state
                if self.kills >= kills:
                    return

    def report(self) -> list[str]:
        """Return how the kills came about."""
        return [f"{how}: {number} kills" for how, number in sorted(self.by_time.items())]

    def _with_bulk(self, state: State) -> State:
        """Add many tunnels and routes, or leave them out, so that they are removed in bulk."""
        shape = self.chance.choice(("none", "some", "all", "changed"))
        number = {"none": 0, "some": BULK // 2}.get(shape, BULK)
        mtu, group = (1300, 7) if shape == "changed" else (1400, 0)
        tunnels = [_bulk_tunnel(one, mtu, group) for one in range(number)]
        routes = [_bulk_route(one) for one in range(number)]
        return State([*state.tunnels, *tunnels], [*state.routes, *routes])

    def _step(self, walked: Host, state: State, alone: list[str]) -> None:
        foreign = shell.run("ip -d -o addr show type dummy")
        for _time in range(self.chance.choice((1, 1, 2))):
            self._kill(walked, state)
        assert shell.run("ip -d -o addr show type dummy") == foreign, "foreign devices were touched"
        walked.apply(state)
        after = walked.snapshot(all_sysctls=False)
        assert after == alone, f"- alone, + after a kill:\n{difference(alone, after)}"
        for result in walked.apply(state):
            assert not result["changed"], f"a second run changed something: {result['actions']}"

    def _kill(self, walked: Host, state: State) -> None:
        """Apply a state in a process of its own, and kill it."""
        call = self.chance.choice((None, None, None, *CALLS))
        count = self.chance.randint(1, max(2, int(self.last[call]))) if call else 0
        ready, go = os.pipe()
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            os.read(ready, 1)
            try:
                walked.apply(state)
            finally:
                os._exit(0)
        tracer = _inject(child, call, count) if call else None
        os.write(go, b"x")
        if tracer is None:
            time.sleep(self.chance.uniform(0, self.usual))
            os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        os.close(ready)
        os.close(go)
        if tracer is not None:
            tracer.wait()
        killed = os.WIFSIGNALED(status)
        self.kills += killed
        if killed:
            print(f"kill {self.kills}: {f'at {call} {count}' if call else 'by time'}", flush=True)
        self.by_time[f"by {call or 'time'}"] += killed
        # Where the run came to its end, the next kill comes earlier, else it may come later.
        if call:
            self.last[call] *= 1.15 if killed else 0.7
        elif killed:
            self.usual *= 1.15
        else:
            self.usual = max(0.1, 0.7 * (time.monotonic() - started))


def _alone(state: State) -> list[str]:
    with host(*FOREIGN) as fresh:
        fresh.apply(state)
        return fresh.snapshot(all_sysctls=False)


def _inject(child: int, call: str, count: int) -> subprocess.Popen[str]:
    """Have a process killed at its n-th call of a kind; return when that is in place."""
    inject = f"inject={call}:signal=KILL:when={count}"
    tracer = subprocess.Popen(
        ["strace", "-e", f"trace={call}", "-e", inject, "-o", "/dev/null", "-p", str(child)],
        stderr=subprocess.PIPE,
        text=True,
    )
    if tracer.stderr is None or "attached" not in tracer.stderr.readline():
        raise RuntimeError(f"strace did not attach to process {child}")
    return tracer


def _bulk_tunnel(number: int, mtu: int, group: int) -> Entry:
    return {
        "name": f"bulk{number}",
        "kind": "vti",
        "local": "192.0.2.1",
        "remote": f"203.0.113.{number + 1}",
        "key": str(1000 + number),
        "mtu": mtu,
        "addresses": [f"10.97.{number}.1/30", f"fd97:{number}::1/64"],
        "group": group,
        "description": "",
        "master": "",
        "forwarding": True,
        "rp_filter": 2,
        "target_netns": "",
    }


def _bulk_route(number: int) -> Entry:
    return {"dst": f"10.96.{number}.0/24", "dev": f"bulk{number}", "table": "100"}
