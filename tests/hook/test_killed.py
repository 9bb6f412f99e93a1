# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Killed between any two system calls: the next event brings in order what was begun."""

from __future__ import annotations

import pytest

from ansible_collections.ipsec.strongswan.tests.hook.charon import Charon, Device, Sa, devices
from ansible_collections.ipsec.strongswan.tests.hook.test_events import (
    DUAL,
    MADE,
    MADE_DUAL,
    MADE_XFRM,
    VTI,
    XFRM,
)

OTHER = Sa(child="other", reqid=7, mark=None, if_id=(9, 9), pairs=(("10.3.0.1/32", "10.9.0.0/16"),))
MADE_OTHER = MADE_XFRM.but(keys=(9, 9), routes=("10.9.0.0/16",))
POINTS = 12  # at how many system calls each event is killed

# what is up before, the event that is killed, and what may be there after the next event
UNIQUE = VTI.but(uid=2, reqid=2, mark=(43, 43))
CASES: dict[str, tuple[list[Sa], str, Sa, list[dict[str, Device]]]] = {
    "up": ([], "up", VTI, [{}, {"vti42": MADE}]),
    "up of an xfrm device": ([], "up", XFRM, [{}, {"xfrm7": MADE_XFRM}]),
    "second pair": (
        [DUAL.but(pairs=DUAL.pairs[:1])],
        "up",
        DUAL.but(pairs=DUAL.pairs[1:]),
        [{"vti42": MADE_DUAL.but(routes=MADE.routes)}, {"vti42": MADE_DUAL}],
    ),
    "up of a successor": ([VTI], "up", VTI.but(uid=2), [{"vti42": MADE}]),
    "up of a successor elsewhere": (
        [VTI],
        "up",
        VTI.but(uid=2, peer="192.0.2.9"),
        [{"vti42": MADE}, {"vti42": MADE.but(ends=(VTI.me, "192.0.2.9"))}],
    ),
    "up of a successor with another mark": (
        [VTI],
        "up",
        UNIQUE,
        [{"vti42": MADE}, {"vti43": MADE.but(keys=(43, 43))}],
    ),
    "down": ([VTI], "down", VTI, [{"vti42": MADE}, {}]),
    "down of a predecessor": ([VTI, VTI.but(uid=2)], "down", VTI, [{"vti42": MADE}]),
    "down of one of two children": (
        [VTI, VTI.but(uid=2, child="two", pairs=(("10.3.0.1/32", "10.2.0.0/16"),))],
        "down",
        VTI,
        [
            {"vti42": MADE.but(routes=("10.1.0.0/16", "10.2.0.0/16"))},
            {"vti42": MADE.but(routes=("10.2.0.0/16",))},
        ],
    ),
}


@pytest.mark.parametrize("with_children", [False, True], ids=["shell", "with-ip"])
@pytest.mark.parametrize("case", CASES)
def test_killed(charon: Charon, case: str, with_children: bool) -> None:
    before, verb, sa, allowed = CASES[case]
    number, calls, seen = 1, 0, []
    step = 1
    while True:
        for one in before:
            charon.up(one)
        if not calls:  # how many there are, this time not killed
            answer = charon.call(sa.environments(verb)[0], kill_at=0)
            assert answer.code == 0
            calls = answer.calls
            step = max(1, calls // POINTS)
        else:
            answer = charon.call(
                sa.environments(verb)[0], kill_at=number, with_children=with_children
            )
            assert answer.code == -9 or number > calls - 8, (number, calls, answer)
            number += step
        # an event of another SA
        charon.up(OTHER)
        found = devices()
        assert found.pop("xfrm9") == MADE_OTHER
        assert found in allowed, (number, calls)
        if found not in seen:
            seen.append(found)
        charon.down(OTHER)
        # all SAs end, whatever charon thinks of the one that was killed
        for one in [*before, sa]:
            charon.down(one)
        found = devices()
        assert found in ([{}] if verb == "up" else [{}, allowed[0]]), (number, calls)
        charon.clean()
        assert devices() == {}
        if number > calls:
            break
    assert len(seen) == len(allowed)


def test_killed_and_repeated(charon: Charon) -> None:
    """The same SA again, after its up was killed anywhere."""
    calls = charon.call(VTI.environments("up")[0], kill_at=0).calls
    charon.down(VTI)
    for number in range(1, calls, max(1, calls // POINTS)):
        charon.call(VTI.environments("up")[0], kill_at=number)
        charon.up(VTI.but(uid=2))
        assert devices() == {"vti42": MADE}
        charon.down(VTI)
        charon.down(VTI.but(uid=2))
        assert devices() == {}
