# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state belongs to one process of charon: what another one left is removed."""

from __future__ import annotations

import os

import pytest

from ansible_collections.ipsec.strongswan.tests.hook.charon import HOOK, Charon, Sa, devices

OTHER = Sa(child="other", reqid=7, mark=(7, 7), peer="192.0.2.7")
BETWEEN = {
    "none": f"exec {HOOK}",
    "one shell": f"{HOOK}; true",
    "two shells": f"sh -c '{HOOK}; true'; true",
    "bash": f"bash -c '{HOOK}; true'; true",
}


@pytest.mark.parametrize("between", BETWEEN)
def test_shells_between_charon_and_the_hook_do_not_count(charon: Charon, between: str) -> None:
    charon.up(Sa())
    for verb, said in (("down", "vti42 removed"), ("up", "vti42 made"), ("down", "vti42 removed")):
        answer = charon.call(Sa().environments(verb)[0], command=BETWEEN[between])
        assert answer.code == 0
        assert said in answer.output
    assert devices() == {}


def test_another_process_of_the_same_number(charon: Charon) -> None:
    """It began after the last event of the one before, so its folder in /proc is younger."""
    charon.up(Sa())
    owner = charon.state / "charon"
    word, number, start, end = owner.read_text().split()
    assert number == str(charon.process.pid)
    owner.write_text(f"{word} {number} {int(start) - 1} {end}\n")
    os.utime(charon.state / "pending", (1, 1))
    charon.up(OTHER)
    assert set(devices()) == {"vti7"}
    assert owner.read_text().split() == [word, number, start, end]


def test_the_folder_in_proc_looks_younger(charon: Charon) -> None:
    """The kernel forgets what it knew of a folder: then the start of the process decides."""
    charon.up(Sa())
    os.utime(charon.state / "pending", (1, 1))
    charon.up(OTHER)
    assert set(devices()) == {"vti7", "vti42"}
