# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is planned for tunnel devices, given what the kernel holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    EMPTY,
    Kernel,
    Link,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import Tunnel
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel import plan_tunnels
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    AddAddress,
    ChangeLink,
    CreateLink,
    DeleteLink,
    RemoveAddress,
    SetDisablePolicy,
    TunnelStep,
)

MARK = "ipsec.strongswan:default"
DATA = VtiData("192.0.2.1", "192.0.2.2", 42, 42)
LINK = Link(7, "vti42", "vti", 1400, True, MARK, DATA)
TUNNEL = Tunnel("vti42", True, "vti", "192.0.2.1", "192.0.2.2", 42, 42, mtu=1400)


def kernel(*links: Link, addresses: tuple[str, ...] = ()) -> Kernel:
    """Return a kernel with these links; the first one has the addresses."""
    return Kernel(
        {link.name: link for link in links},
        {links[0].index: addresses} if addresses else {},
        {link.name: True for link in links if link.vti},
    )


DEFAULTS = Policy()


def steps(tunnels: list[Tunnel], found: Kernel, policy: Policy = DEFAULTS) -> list[TunnelStep]:
    """Return all steps of a plan."""
    return [
        step for change in plan_tunnels(tunnels, found, policy).changes for step in change.steps
    ]


TABLE: list[tuple[str, Tunnel, Kernel, list[TunnelStep]]] = [
    (
        "create",
        replace(TUNNEL, addresses=("10.0.0.1/30",)),
        EMPTY,
        [
            CreateLink("vti42", DATA, MARK, True, 1400),
            SetDisablePolicy("vti42", True),
            AddAddress("vti42", "10.0.0.1/30"),
        ],
    ),
    ("unchanged", TUNNEL, kernel(LINK), []),
    ("mtu", replace(TUNNEL, mtu=1300), kernel(LINK), [ChangeLink(7, "vti42", mtu=1300)]),
    ("mtu left out", replace(TUNNEL, mtu=None), kernel(LINK), []),
    (
        "key: the change names every attribute and the MTU",
        replace(TUNNEL, ikey=1, mtu=None),
        kernel(LINK),
        [ChangeLink(7, "vti42", replace(DATA, ikey=1), mtu=1400)],
    ),
    (
        "down flushes IPv6 addresses: they are put back",
        replace(TUNNEL, up=False, addresses=("10.0.0.1/30", "fd99::1/64")),
        kernel(LINK, addresses=("10.0.0.1/30", "fd99::1/64")),
        [ChangeLink(7, "vti42", up=False), AddAddress("vti42", "fd99::1/64")],
    ),
    (
        "down flushes IPv6 addresses: they need not be removed",
        replace(TUNNEL, up=False, addresses=()),
        kernel(LINK, addresses=("10.0.0.1/30", "fd99::1/64")),
        [ChangeLink(7, "vti42", up=False), RemoveAddress("vti42", "10.0.0.1/30")],
    ),
    (
        "addresses",
        replace(TUNNEL, addresses=("10.0.0.5/30",)),
        kernel(LINK, addresses=("10.0.0.1/30",)),
        [RemoveAddress("vti42", "10.0.0.1/30"), AddAddress("vti42", "10.0.0.5/30")],
    ),
    (
        "addresses beside others",
        replace(TUNNEL, addresses=("10.0.0.5/30",), addresses_exclusive=False),
        kernel(LINK, addresses=("10.0.0.1/30",)),
        [AddAddress("vti42", "10.0.0.5/30")],
    ),
    (
        "a wildcard is made anew, with what is not managed",
        replace(TUNNEL, mtu=None),
        kernel(replace(LINK, vti=replace(DATA, remote="0.0.0.0")), addresses=("10.0.0.1/30",)),
        [
            DeleteLink(7, "vti42"),
            CreateLink("vti42", DATA, MARK, True, 1400),
            SetDisablePolicy("vti42", True),
            AddAddress("vti42", "10.0.0.1/30"),
        ],
    ),
    (
        "adopt what is as wanted",
        TUNNEL,
        kernel(replace(LINK, alias="")),
        [ChangeLink(7, "vti42", alias=MARK)],
    ),
    ("absent", Tunnel("vti42", False), kernel(LINK), [DeleteLink(7, "vti42")]),
    ("absent already", Tunnel("vti42", False), EMPTY, []),
]


@pytest.mark.parametrize(
    ("tunnel", "found", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_steps(tunnel: Tunnel, found: Kernel, expected: list[TunnelStep]) -> None:
    assert steps([tunnel], found) == expected


def test_purge_takes_only_this_owners_tunnel_devices() -> None:
    found = kernel(
        LINK,
        Link(8, "old", "vti", 1400, True, MARK, replace(DATA, remote="192.0.2.3")),
        Link(
            9, "others", "vti", 1400, True, "ipsec.strongswan:b", replace(DATA, remote="192.0.2.4")
        ),
        Link(
            10,
            "hook",
            "vti",
            1400,
            True,
            "ipsec.strongswan:updown",
            replace(DATA, remote="192.0.2.5"),
        ),
        Link(11, "foreign", "vti", 1400, True, "", replace(DATA, remote="192.0.2.6")),
        Link(12, "dummy", "dummy", 1400, True, MARK),
        Link(13, "ip_vti0", "vti", 1400, False, MARK, VtiData("0.0.0.0", "0.0.0.0", 0, 0)),
    )
    assert steps([TUNNEL], found, Policy(purge=True)) == [DeleteLink(8, "old")]


def test_a_pair_that_is_given_up_in_the_same_run_is_free() -> None:
    old = Link(8, "old", "vti", 1400, True, MARK, DATA)
    plan = steps([replace(TUNNEL, name="new"), Tunnel("old", False)], kernel(old))
    assert [type(step) for step in plan] == [DeleteLink, CreateLink, SetDisablePolicy]


CONFLICTS = [
    ("no VTI", kernel(Link(7, "vti42", "dummy")), Policy(), "is no VTI (kind dummy)"),
    ("pair held", kernel(replace(LINK, name="other")), Policy(), "held by device 'other'"),
    ("foreign", kernel(replace(LINK, alias="", mtu=1300)), Policy(), "nobody of this collection"),
    ("other owner", kernel(replace(LINK, mtu=1300)), Policy(owner="b"), "owner 'default'"),
    (
        "never recreate",
        kernel(replace(LINK, vti=replace(DATA, remote="0.0.0.0"))),
        Policy(recreate="never"),
        "recreate is 'never'",
    ),
]


@pytest.mark.parametrize(
    ("found", "policy", "words"), [row[1:] for row in CONFLICTS], ids=[row[0] for row in CONFLICTS]
)
def test_conflicts(found: Kernel, policy: Policy, words: str) -> None:
    with pytest.raises(ConflictError, match="tunnel vti42") as caught:
        plan_tunnels([TUNNEL], found, policy)
    assert words in str(caught.value)


def test_unknown_dev() -> None:
    with pytest.raises(ConflictError, match="dev 'eth9' does not exist"):
        plan_tunnels([replace(TUNNEL, dev="eth9")], EMPTY, Policy())
    plan = plan_tunnels([replace(TUNNEL, dev="eth9")], EMPTY, Policy(check_mode=True))
    assert "eth9" in plan.warnings[0]
