# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is planned for tunnel devices, given what the kernel holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    DOOMED_GROUP,
    UNFINISHED_GROUP,
    Kernel,
    Link,
    Sysctls,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import Tunnel
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import (
    Template,
    XfrmPolicy,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel import plan_tunnels
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_state import Found
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    AddAddress,
    ChangeLink,
    CreateLink,
    DeleteLink,
    Keep,
    MoveLink,
    PutBack,
    RemoveAddress,
    SetSysctl,
    TunnelStep,
)

MARK = "ipsec.strongswan:default"
DATA = VtiData("192.0.2.1", "192.0.2.2", 42, 42)
ON = Sysctls(True, False, 0)
LINK = Link(7, "vti42", "vti", 1400, True, MARK, data=DATA, sysctls=ON)
TUNNEL = Tunnel("vti42", data=DATA, mtu=1400, sysctls=Sysctls(True))
XFRM = Tunnel("x1", data=XfrmData(1))
XLINK = Link(9, "x1", "xfrm", 1500, True, MARK, data=XfrmData(1))
BLUE = Link(20, "blue", "vrf", up=True)
NOTHING = Found()


def kernel(*links: Link, addresses: tuple[str, ...] = ()) -> Kernel:
    """Return a kernel with these links; the first one has the addresses."""
    return Kernel(
        {link.name: link for link in links}, {links[0].index: addresses} if addresses else {}
    )


def here(*links: Link, addresses: tuple[str, ...] = ()) -> Found:
    """Return what is found if only the namespace of the call holds something."""
    return Found(kernel(*links, addresses=addresses))


DEFAULTS = Policy()


def steps(tunnels: list[Tunnel], found: Found, policy: Policy = DEFAULTS) -> list[TunnelStep]:
    """Return all steps of a plan."""
    return [
        step for change in plan_tunnels(tunnels, found, policy).changes for step in change.steps
    ]


TABLE: list[tuple[str, Tunnel, Found, list[TunnelStep]]] = [
    (
        "create",
        replace(TUNNEL, addresses=("10.0.0.1/30",)),
        NOTHING,
        [
            CreateLink("vti42", DATA, MARK, True, 1400),
            AddAddress("vti42", "10.0.0.1/30"),
            SetSysctl("vti42", "disable_policy", 1),
        ],
    ),
    (
        "create with all",
        replace(
            XFRM, master="blue", group=3, description="to Oslo", sysctls=Sysctls(None, True, 2)
        ),
        here(BLUE),
        [
            CreateLink("x1", XfrmData(1), f"{MARK} to Oslo", True, None, 3, "blue"),
            SetSysctl("x1", "forwarding", 1),
            SetSysctl("x1", "rp_filter", 2),
        ],
    ),
    ("unchanged", TUNNEL, here(LINK), []),
    ("unchanged xfrm", XFRM, here(XLINK), []),
    ("mtu", replace(TUNNEL, mtu=1300), here(LINK), [ChangeLink(7, "vti42", mtu=1300)]),
    ("mtu left out", replace(TUNNEL, mtu=None), here(LINK), []),
    (
        "key: the change names every attribute and the MTU",
        replace(TUNNEL, data=replace(DATA, ikey=1), mtu=None),
        here(LINK),
        [ChangeLink(7, "vti42", replace(DATA, ikey=1), mtu=1400)],
    ),
    (
        "if_id",
        replace(XFRM, data=XfrmData(2)),
        here(XLINK),
        [ChangeLink(9, "x1", XfrmData(2), mtu=1500)],
    ),
    (
        "down flushes IPv6 addresses: they are put back",
        replace(TUNNEL, up=False, addresses=("10.0.0.1/30", "fd99::1/64")),
        here(LINK, addresses=("10.0.0.1/30", "fd99::1/64")),
        [ChangeLink(7, "vti42", up=False), AddAddress("vti42", "fd99::1/64")],
    ),
    (
        "also those that are not managed",
        replace(TUNNEL, up=False),
        here(LINK, addresses=("10.0.0.1/30", "fd99::1/64")),
        [ChangeLink(7, "vti42", up=False), AddAddress("vti42", "fd99::1/64")],
    ),
    (
        "down flushes IPv6 addresses: they need not be removed",
        replace(TUNNEL, up=False, addresses=()),
        here(LINK, addresses=("10.0.0.1/30", "fd99::1/64")),
        [ChangeLink(7, "vti42", up=False), RemoveAddress("vti42", "10.0.0.1/30")],
    ),
    (
        "addresses: with the last of IPv4 the kernel would flush its routes",
        replace(TUNNEL, addresses=("10.0.0.5/30", "fd99::5/64")),
        here(LINK, addresses=("10.0.0.1/30", "fd99::1/64")),
        [
            Keep(7, "vti42"),
            AddAddress("vti42", "10.0.0.5/30"),
            RemoveAddress("vti42", "10.0.0.1/30"),
            RemoveAddress("vti42", "fd99::1/64"),
            AddAddress("vti42", "fd99::5/64"),
            PutBack("vti42"),
        ],
    ),
    (
        "the same address with another prefix length or peer cannot stand beside it",
        replace(TUNNEL, addresses=("10.0.0.1 peer 10.0.0.0/31",)),
        here(LINK, addresses=("10.0.0.1/31",)),
        [
            Keep(7, "vti42"),
            RemoveAddress("vti42", "10.0.0.1/31"),
            AddAddress("vti42", "10.0.0.1 peer 10.0.0.0/31"),
            PutBack("vti42"),
        ],
    ),
    (
        "addresses of IPv6",
        replace(TUNNEL, addresses=("fd99::5/64",)),
        here(LINK, addresses=("fd99::1/64",)),
        [RemoveAddress("vti42", "fd99::1/64"), AddAddress("vti42", "fd99::5/64")],
    ),
    (
        "addresses where it was moved to",
        replace(XFRM, target_netns="in", addresses=("10.0.0.5/30",)),
        Found(Kernel({}, {}), {"in": kernel(XLINK, addresses=("10.0.0.1/30",))}),
        [
            Keep(9, "x1", "in"),
            AddAddress("x1", "10.0.0.5/30", "in"),
            RemoveAddress("x1", "10.0.0.1/30", "in"),
            PutBack("x1", "in"),
        ],
    ),
    (
        "addresses beside others",
        replace(TUNNEL, addresses=("10.0.0.5/30",), addresses_exclusive=False),
        here(LINK, addresses=("10.0.0.1/30",)),
        [AddAddress("vti42", "10.0.0.5/30")],
    ),
    (
        "no addresses",
        replace(TUNNEL, addresses=()),
        here(LINK, addresses=("10.0.0.1/30",)),
        [Keep(7, "vti42"), RemoveAddress("vti42", "10.0.0.1/30"), PutBack("vti42")],
    ),
    (
        "sysctls that differ",
        replace(TUNNEL, sysctls=Sysctls(False, False, 2)),
        here(LINK),
        [SetSysctl("vti42", "disable_policy", 0), SetSysctl("vti42", "rp_filter", 2)],
    ),
    (
        "a change of master flushes: routes, sysctls and IPv6 addresses are put back",
        replace(TUNNEL, master="blue"),
        here(LINK, BLUE, addresses=("10.0.0.1/30", "fd99::1/64")),
        [
            Keep(7, "vti42"),
            ChangeLink(7, "vti42", master="blue"),
            AddAddress("vti42", "fd99::1/64"),
            PutBack("vti42"),
        ],
    ),
    (
        "also on a device that is down",
        replace(TUNNEL, master="blue", up=False),
        here(replace(LINK, up=False), BLUE, addresses=("10.0.0.1/30", "fd99::1/64")),
        [
            Keep(7, "vti42"),
            ChangeLink(7, "vti42", master="blue"),
            AddAddress("vti42", "fd99::1/64"),
            PutBack("vti42"),
        ],
    ),
    (
        "coming up makes no route to an IPv6 peer: the address is added anew",
        TUNNEL,
        here(replace(LINK, up=False), addresses=("10.0.0.1/30", "fd99::1 peer fd99::2/128")),
        [
            ChangeLink(7, "vti42", up=True),
            RemoveAddress("vti42", "fd99::1 peer fd99::2/128"),
            AddAddress("vti42", "fd99::1 peer fd99::2/128"),
        ],
    ),
    (
        "master left out",
        TUNNEL,
        here(replace(LINK, master="blue"), BLUE),
        [],
    ),
    (
        "group and description",
        replace(TUNNEL, group=5, description="new"),
        here(replace(LINK, alias=f"{MARK} old")),
        [ChangeLink(7, "vti42", alias=f"{MARK} new", group=5)],
    ),
    ("description left out", TUNNEL, here(replace(LINK, alias=f"{MARK} old")), []),
    (
        "a run that was killed left it in a scratch group",
        TUNNEL,
        here(replace(LINK, group=DOOMED_GROUP)),
        [ChangeLink(7, "vti42", group=0)],
    ),
    (
        "a run that was killed left it without a mark",
        TUNNEL,
        here(replace(LINK, alias="", group=UNFINISHED_GROUP)),
        [ChangeLink(7, "vti42", alias=MARK, group=0)],
    ),
    (
        "remote any is made anew, with what is not managed",
        replace(TUNNEL, mtu=None),
        here(
            replace(LINK, data=replace(DATA, remote="0.0.0.0"), master="blue", group=4),
            BLUE,
            addresses=("10.0.0.1/30",),
        ),
        [
            Keep(7, "vti42"),
            DeleteLink(7, "vti42"),
            CreateLink("vti42", DATA, MARK, True, 1400, 4, "blue", 7),
            AddAddress("vti42", "10.0.0.1/30"),
            PutBack("vti42"),
            SetSysctl("vti42", "disable_policy", 1),
        ],
    ),
    (
        "local any is changed in place",
        TUNNEL,
        here(replace(LINK, data=replace(DATA, local="0.0.0.0"))),
        [ChangeLink(7, "vti42", DATA, mtu=1400)],
    ),
    (
        "vti6 takes any in place",
        replace(TUNNEL, data=VtiData("2001:db8::1", "::", 1, 1)),
        here(replace(LINK, kind="vti6", data=VtiData("2001:db8::1", "2001:db8::2", 1, 1))),
        [ChangeLink(7, "vti42", VtiData("2001:db8::1", "::", 1, 1), mtu=1400)],
    ),
    (
        "an xfrm device's dev is made anew",
        replace(XFRM, data=XfrmData(1, "blue")),
        here(XLINK, BLUE),
        [
            Keep(9, "x1"),
            DeleteLink(9, "x1"),
            CreateLink("x1", XfrmData(1, "blue"), MARK, True, 1500, index=9),
            PutBack("x1"),
        ],
    ),
    (
        "adopt what is as wanted",
        TUNNEL,
        here(replace(LINK, alias="")),
        [ChangeLink(7, "vti42", alias=MARK)],
    ),
    ("absent", Tunnel("vti42", False), here(LINK), [DeleteLink(7, "vti42")]),
    ("absent already", Tunnel("vti42", False), NOTHING, []),
    (
        "made and moved",
        replace(XFRM, target_netns="in", addresses=("10.0.0.1/30",), master="blue"),
        Found(Kernel({}, {}), {"in": kernel(BLUE)}),
        [
            CreateLink("x1", XfrmData(1), MARK, False),
            MoveLink(0, "x1", "in"),
            ChangeLink(0, "x1", up=True, master="blue", netns="in"),
            AddAddress("x1", "10.0.0.1/30", "in"),
        ],
    ),
    (
        "moved only",
        replace(XFRM, target_netns="in", addresses=("10.0.0.1/30",)),
        Found(kernel(XLINK, addresses=("10.0.0.1/30",)), {"in": Kernel({}, {})}),
        [
            MoveLink(9, "x1", "in"),
            ChangeLink(0, "x1", up=True, netns="in"),
            AddAddress("x1", "10.0.0.1/30", "in"),
        ],
    ),
    (
        "moved already, its dev known by its index",
        replace(XFRM, data=XfrmData(1, "blue"), target_netns="in"),
        Found(kernel(BLUE), {"in": kernel(replace(XLINK, data=XfrmData(1, "if20")))}),
        [],
    ),
    (
        "made anew where it was moved to, in the master that it has there",
        replace(XFRM, data=XfrmData(1, "blue"), target_netns="in"),
        Found(kernel(BLUE), {"in": kernel(replace(XLINK, master="red"))}),
        [
            Keep(9, "x1", "in"),
            DeleteLink(9, "x1", "in"),
            CreateLink("x1", XfrmData(1, "blue"), MARK, False, 1500),
            MoveLink(0, "x1", "in"),
            ChangeLink(0, "x1", up=True, master="red", netns="in"),
            PutBack("x1", "in"),
        ],
    ),
    (
        "made anew before it is moved",
        replace(XFRM, data=XfrmData(1, "blue"), target_netns="in"),
        Found(kernel(replace(XLINK, master="red"), BLUE), {"in": Kernel({}, {})}),
        [
            DeleteLink(9, "x1"),
            CreateLink("x1", XfrmData(1, "blue"), MARK, False, 1500, index=9),
            MoveLink(0, "x1", "in"),
            ChangeLink(0, "x1", up=True, netns="in"),
        ],
    ),
    (
        "changed where it was moved to",
        replace(XFRM, data=XfrmData(2, "blue"), target_netns="in", up=False),
        Found(kernel(BLUE), {"in": kernel(replace(XLINK, data=XfrmData(1, "if20")))}),
        [ChangeLink(9, "x1", XfrmData(2, "if20"), mtu=1500, up=False, netns="in")],
    ),
    (
        "absent where it was moved to",
        Tunnel("x1", False, target_netns="in"),
        Found(Kernel({}, {}), {"in": kernel(XLINK)}),
        [DeleteLink(9, "x1", "in")],
    ),
]


@pytest.mark.parametrize(
    ("tunnel", "found", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_steps(tunnel: Tunnel, found: Found, expected: list[TunnelStep]) -> None:
    assert steps([tunnel], found) == expected


def test_purge_takes_only_this_owners_tunnel_devices() -> None:
    def other(index: int, name: str, alias: str) -> Link:
        return replace(
            LINK, index=index, name=name, alias=alias, data=replace(DATA, remote=f"192.0.2.{index}")
        )

    found = here(
        LINK,
        other(8, "old", MARK),
        other(9, "others", "ipsec.strongswan:b"),
        other(10, "hook", "ipsec.strongswan:updown"),
        other(11, "foreign", ""),
        Link(12, "dummy", "dummy", 1400, True, MARK),
        other(13, "ip_vti0", MARK),
        replace(XLINK, index=14),
    )
    assert steps([TUNNEL], found, Policy(purge=True)) == [
        DeleteLink(8, "old"),
        DeleteLink(14, "x1"),
    ]


def test_purge_looks_into_the_namespaces_that_are_named() -> None:
    found = Found(kernel(LINK), {"in": kernel(XLINK)})
    assert steps([TUNNEL], found, Policy(purge=True)) == [DeleteLink(9, "x1", "in")]


def test_a_pair_that_is_given_up_in_the_same_run_is_free() -> None:
    old = replace(LINK, index=8, name="old")
    plan = steps([replace(TUNNEL, name="new"), Tunnel("old", False)], here(old))
    assert [type(step) for step in plan] == [DeleteLink, CreateLink, SetSysctl]


def test_if_ids_that_change_places() -> None:
    second = replace(XLINK, index=10, name="x2", data=XfrmData(2))
    wanted = [replace(XFRM, data=XfrmData(2)), Tunnel("x2", data=XfrmData(1))]
    assert steps(wanted, here(XLINK, second)) == [
        Keep(9, "x1"),
        DeleteLink(9, "x1"),
        ChangeLink(10, "x2", XfrmData(1), mtu=1500),
        CreateLink("x1", XfrmData(2), MARK, True, 1500, index=9),
        PutBack("x1"),
    ]
    with pytest.raises(ConflictError, match="recreate is 'never'"):
        plan_tunnels(wanted, here(XLINK, second), Policy(recreate="never"))


UNMARKED = XfrmPolicy(
    "out",
    "10.1.0.0/24",
    "10.2.0.0/24",
    templates=(Template("192.0.2.1", "192.0.2.2", "esp", "tunnel"),),
)

CONFLICTS = [
    ("no tunnel", here(Link(7, "vti42", "dummy")), Policy(), "kind dummy"),
    ("pair held", here(replace(LINK, name="other")), Policy(), "held by device 'other'"),
    ("foreign", here(replace(LINK, alias="", mtu=1300)), Policy(), "nobody of this collection"),
    ("other owner", here(replace(LINK, mtu=1300)), Policy(owner="b"), "owner 'default'"),
    (
        "never recreate",
        here(replace(LINK, data=replace(DATA, remote="0.0.0.0"))),
        Policy(recreate="never"),
        "remote is any, wanted 192.0.2.2",
    ),
    ("policy-based", Found(policies=(UNMARKED,)), Policy(), "unmarked IPsec policy"),
]


@pytest.mark.parametrize(
    ("found", "policy", "words"), [row[1:] for row in CONFLICTS], ids=[row[0] for row in CONFLICTS]
)
def test_conflicts(found: Found, policy: Policy, words: str) -> None:
    with pytest.raises(ConflictError, match="tunnel vti42") as caught:
        plan_tunnels([TUNNEL], found, policy)
    assert words in str(caught.value)


def test_a_policy_matters_to_new_endpoints_only() -> None:
    found = Found(kernel(LINK), policies=(UNMARKED,))
    assert steps([TUNNEL], found) == []
    assert steps([replace(TUNNEL, mtu=1300)], found) == [ChangeLink(7, "vti42", mtu=1300)]
    assert steps([replace(TUNNEL, up=False)], Found(policies=(UNMARKED,)))


@pytest.mark.parametrize(
    ("tunnel", "words"),
    [
        (replace(TUNNEL, data=replace(DATA, dev="eth9")), "dev 'eth9' does not exist"),
        (replace(TUNNEL, master="eth9"), "master 'eth9' does not exist"),
    ],
)
def test_unknown_device(tunnel: Tunnel, words: str) -> None:
    with pytest.raises(ConflictError, match=words):
        plan_tunnels([tunnel], NOTHING, Policy())
    plan = plan_tunnels([tunnel], NOTHING, Policy(check_mode=True))
    assert words in plan.warnings[0]


def test_a_bridge_is_no_master() -> None:
    with pytest.raises(ConflictError, match="Ethernet devices only"):
        plan_tunnels([replace(TUNNEL, master="br0")], here(Link(3, "br0", "bridge")), Policy())
