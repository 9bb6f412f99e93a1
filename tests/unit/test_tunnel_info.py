# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which policies and SAs belong to a tunnel device, and what is wrong with it."""

from __future__ import annotations

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Link,
    TunnelData,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel_info import (
    FamilySettings,
    LinkDetails,
    link_facts,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel_problems import (
    device_problems,
    sa_problems,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    Mark,
    Template,
    XfrmPolicy,
    XfrmState,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm_match import XfrmTables

NEAR, FAR = "192.0.2.1", "192.0.2.2"
ALL = 0xFFFFFFFF
MARK = Mark(42, ALL)
VTI = VtiData(NEAR, FAR, 42, 42)


def policy(direction: str, mark: Mark = MARK, if_id: int = 0, far: str = FAR) -> XfrmPolicy:
    ends = (NEAR, far) if direction == "out" else (far, NEAR)
    templates = (Template(*ends, "esp", "tunnel", 9),)
    return XfrmPolicy(
        direction, "0.0.0.0/0", "0.0.0.0/0", mark=mark, if_id=if_id, templates=templates
    )


def state(
    ends: tuple[str, str], spi: int, mark: Mark = MARK, if_id: int = 0, direction: str = ""
) -> XfrmState:
    return XfrmState(*ends, "esp", spi, "tunnel", 9, mark=mark, if_id=if_id, direction=direction)


OUT, IN = (NEAR, FAR), (FAR, NEAR)


@pytest.mark.parametrize(
    ("data", "states", "sa"),
    [
        (VTI, [], "none"),
        (VTI, [state(OUT, 1)], "out_only"),
        (VTI, [state(IN, 1)], "in_only"),
        (VTI, [state(OUT, 1), state(IN, 2)], "installed"),
        (VTI, [state(OUT, 1), state(OUT, 3), state(IN, 2), state(IN, 4)], "installed"),
        (VTI, [state(OUT, 0)], "none"),  # only asked for
        (VTI, [state(OUT, 1, Mark(43, ALL)), state(IN, 2, Mark(43, ALL))], "none"),
        (VTI, [state(OUT, 1, Mark(), if_id=7)], "none"),
        (VtiData(NEAR, FAR, 42, 7), [state(OUT, 1), state(IN, 2)], "in_only"),
        (VtiData(NEAR, FAR, 42, 7), [state(OUT, 1, Mark(7, ALL)), state(IN, 2)], "installed"),
        (VtiData(NEAR, FAR, 0x2A17, 0x2A17), [state(OUT, 1, Mark(0x2A00, 0xFF00))], "out_only"),
        (XfrmData(7), [state(OUT, 1, Mark(), 7), state(IN, 2, Mark(), 7)], "installed"),
        (XfrmData(7), [state(OUT, 1, Mark(), 8), state(IN, 2, Mark(), 8)], "none"),
        (XfrmData(7), [state(("198.51.100.1", "198.51.100.2"), 1, Mark(), 7)], "unknown"),
        (XfrmData(7), [state(("", ""), 1, Mark(), 7, "in")], "in_only"),
        (XfrmData(external=True), [state(OUT, 1, Mark(), 9)], "out_only"),
        (XfrmData(external=True), [state(OUT, 1, Mark(), 8)], "none"),  # another device's
    ],
)
def test_sa(data: TunnelData, states: list[XfrmState], sa: str) -> None:
    assert XfrmTables([], states, {NEAR}).of(data, taken={8}).sa == sa


def test_an_inbound_sa_without_mark_is_found_by_its_policy() -> None:
    states = [state(IN, 1, Mark()), state(("192.0.2.9", NEAR), 2, Mark())]
    policies = [policy("in"), policy("fwd"), policy("out")]
    matched = XfrmTables(policies, states).of(VTI)
    assert [one.spi for one in matched.states] == [1]
    assert matched.sa == "in_only"
    assert XfrmTables([], states).of(VTI).states == ()


def test_policies_are_told_apart() -> None:
    policies = [policy("out"), policy("out", Mark()), policy("out", Mark(), 7)]
    tables = XfrmTables([*policies, policy("out", Mark(0x2A, 0xFF))], [])
    assert tables.of(VTI).policies == (policies[0], policy("out", Mark(0x2A, 0xFF)))
    assert tables.of(XfrmData(7)).policies == (policies[2],)
    assert tables.of(VtiData(NEAR, FAR, 0, 0)).policies == (policies[1],)
    assert tables.of(VtiData(NEAR, "192.0.2.3", 0, 0)).policies == ()


def problems(data: TunnelData, policies: list[XfrmPolicy], states: list[XfrmState]) -> list[str]:
    tables = XfrmTables(policies, states, {NEAR})
    return sa_problems(Link(5, "t0", data=data), tables.of(data), tables)


def test_no_problem() -> None:
    assert problems(VTI, [policy("in"), policy("out")], [state(IN, 1), state(OUT, 2)]) == []


@pytest.mark.parametrize(
    ("data", "policies", "states", "said"),
    [
        (VTI, [], [], "no IPsec policy has mark 42"),
        (VTI, [policy("in")], [], "no IPsec policy of direction out has mark 42"),
        (VtiData(NEAR, FAR, 1, 2), [], [], "no IPsec policy has mark 1 (in) or 2 (out)"),
        (VtiData(NEAR, FAR, 0, 0), [], [], "no IPsec policy without a mark runs between"),
        (XfrmData(7), [], [], "no IPsec policy has if_id 7"),
        (XfrmData(external=True), [], [], "no IPsec policy has an if_id that no other device has"),
        (VTI, [], [state(IN, 1)], "an SA is installed for inbound traffic only"),
        (VTI, [], [], "no SA is installed, so what is routed here is dropped"),
        (VTI, [], [state(OUT, 0)], "the kernel has asked for an SA"),
        (VTI, [], [state((NEAR, "192.0.2.9"), 1)], "an SA runs from 192.0.2.1 to 192.0.2.9"),
        (VTI, [], [state(OUT, 1, Mark(43, ALL))], "has mark 43/0xffffffff, and the device has"),
        (VTI, [], [state(OUT, 1, Mark(), 7)], "an SA between its endpoints has if_id 7"),
        (VTI, [], [state(OUT, 1, Mark())], "an SA between its endpoints has no mark"),
    ],
)
def test_sa_problems(
    data: TunnelData, policies: list[XfrmPolicy], states: list[XfrmState], said: str
) -> None:
    assert any(said in problem for problem in problems(data, policies, states))


def test_an_inbound_sa_needs_no_mark() -> None:
    pair = [state(OUT, 1, Mark(43, ALL)), state(IN, 2, Mark())]
    found = [problem for problem in problems(VTI, [], pair) if "between its endpoints" in problem]
    assert [problem.partition(", and")[0] for problem in found] == [
        "an SA between its endpoints has mark 43/0xffffffff"
    ]


def test_device_problems() -> None:
    link = Link(5, "t0", data=VtiData(NEAR, FAR, 42, 42, dev="eth0"))
    details = LinkDetails(ipv4=FamilySettings(False, False, disable_xfrm=True, rp_filter=0))
    found = device_problems(link, details, {"eth0": Link(2, "eth0")}, routed=True)
    assert [problem.split(",")[0] for problem in found] == [
        "the device is down",
        "its underlay device eth0 is down",
        "disable_xfrm is on",
    ]


def test_a_family_that_is_off_is_null() -> None:
    facts = link_facts(Link(5, "t0", data=VTI), LinkDetails(), None)
    assert facts["sysctls"] == {"ipv4": None, "ipv6": None}
    assert facts["owner"] is None
