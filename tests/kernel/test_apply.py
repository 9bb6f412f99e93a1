# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read from the kernel, and how steps are applied; ip(8) and /proc are the witnesses."""

from __future__ import annotations

import ipaddress
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import KernelError
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.apply_tunnel import (
    apply_changes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.read import (
    read_links,
    read_tunnels,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import open_session
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import link
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Netlink
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    DOOMED_GROUP,
    Sysctls,
    TunnelData,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Action, Change
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
from ansible_collections.ipsec.strongswan.tests.support import shell


def vti(number: int) -> VtiData:
    """Return the attributes of one of many tunnels."""
    return VtiData("192.0.2.1", f"198.51.100.{number}", number, number)


def apply(*changes: t.Sequence[TunnelStep]) -> list[str]:
    """Apply changes; return the objects of those that were reported as done."""
    done: list[str] = []
    actions = (Action("test", "test"),)
    with open_session() as session:
        apply_changes(
            session,
            [Change(steps[0].name, actions, None, None, tuple(steps)) for steps in changes],
            lambda change: done.append(change.object),
        )
    return done


def refusal(*changes: t.Sequence[TunnelStep]) -> str:
    """Apply changes of which one is refused; return the message."""
    with pytest.raises(KernelError) as error:
        apply(*changes)
    return str(error.value)


def index(name: str) -> int:
    """Return the index of a device."""
    number: int = shell.link(name)["ifindex"]
    return number


def all_routes(name: str) -> list[str]:
    """Return all routes through a device, those of multipath ones too."""
    lines = shell.run("ip -N route show table all").replace("\n\t", " ").splitlines()
    lines += shell.run("ip -N -6 route show table all").replace("\n\t", " ").splitlines()
    return sorted(
        line.strip() for line in lines if f"dev {name} " in f"{line} " and "table 255" not in line
    )


DEVICES: list[tuple[str, TunnelData]] = [
    (
        "vti local 192.0.2.1 remote 192.0.2.2 ikey 7 okey 4294967295 dev eth0 fwmark 9",
        VtiData("192.0.2.1", "192.0.2.2", 7, 0xFFFFFFFF, "eth0", 9),
    ),
    ("vti local 192.0.2.1 remote any key 7", VtiData("192.0.2.1", "0.0.0.0", 7, 7)),
    ("vti6 local 2001:db8::1 remote any key 5", VtiData("2001:db8::1", "::", 5, 5)),
    (
        "vti6 local ::ffff:192.0.2.1 remote 2001:db8::2 dev eth1",
        VtiData(str(ipaddress.ip_address("::ffff:192.0.2.1")), "2001:db8::2", 0, 0, "eth1"),
    ),
    ("xfrm if_id 0xffffffff dev eth0", XfrmData(0xFFFFFFFF, "eth0")),
    ("xfrm if_id 1", XfrmData(1)),
    ("xfrm external", XfrmData(0, external=True)),
]


@pytest.mark.parametrize(("options", "data"), DEVICES, ids=[row[0] for row in DEVICES])
def test_devices_are_read_and_made(options: str, data: TunnelData) -> None:
    shell.run(f"ip link add hand mtu 1300 group 77 type {options}")
    with Netlink() as netlink:
        found = read_links(netlink)["hand"]
    assert found.data == data
    assert (found.kind, found.mtu, found.group, found.up) == (data.kind, 1300, 77, False)
    by_hand = shell.link("hand")
    shell.run("ip link del hand")
    apply([CreateLink("hand", data, "mark ä", up=True, mtu=1300, group=77)])
    made = shell.link("hand")
    assert made["linkinfo"] == by_hand["linkinfo"]
    assert (made["mtu"], made["group"], made["ifalias"]) == (1300, "77", "mark ä")
    assert made.get("link") == by_hand.get("link")
    assert "UP" in made["flags"]


def test_other_devices_are_read() -> None:
    shell.ip_batch(
        "link add vrf1 type vrf table 10",
        "link add dummy1 type dummy",
        "link set dummy1 master vrf1 group 5 up",
        "link set dummy1 alias words",
    )
    with Netlink() as netlink:
        found = read_links(netlink)
    assert set(found) >= {"lo", "eth0", "eth1", "vrf1", "dummy1"}
    dummy = found["dummy1"]
    assert (dummy.kind, dummy.master, dummy.group, dummy.alias, dummy.up, dummy.data) == (
        "dummy",
        "vrf1",
        5,
        "words",
        True,
        None,
    )
    assert found["lo"].kind == ""


def test_addresses_and_sysctls_are_read_and_written() -> None:
    wanted = (
        "10.99.0.1/30",
        "10.98.0.1 peer 10.98.0.2/32",
        "fd99::1/64",
        "fd98::1 peer fd98::2/128",
    )
    apply(
        [
            CreateLink("v.1", vti(1), "mark", up=True),
            *(AddAddress("v.1", one) for one in wanted),
            SetSysctl("v.1", "disable_policy", 1),
            SetSysctl("v.1", "forwarding", 1),
            SetSysctl("v.1", "rp_filter", 2),
        ]
    )
    with Netlink() as netlink:
        found = read_tunnels(netlink)
    one = found.links["v.1"]
    assert set(found.addresses[one.index]) == set(wanted)
    assert one.sysctls == Sysctls(disable_policy=True, forwarding=True, rp_filter=2)
    for family, key, value in (
        ("ipv4", "disable_policy", "1"),
        ("ipv6", "disable_policy", "1"),
        ("ipv4", "forwarding", "1"),
        ("ipv6", "forwarding", "1"),
        ("ipv4", "rp_filter", "2"),
    ):
        path = Path(f"/proc/sys/net/{family}/conf/v.1/{key}")
        assert path.read_text().strip() == value
        path.write_text("0")
        with Netlink() as netlink:
            sysctls = read_tunnels(netlink).links["v.1"].sysctls
        # None: the families differ.
        assert getattr(sysctls, key) == (0 if key == "rp_filter" else None), (family, key)
        path.write_text(value)
    shown = shell.run("ip -o addr show dev v.1")
    assert "10.98.0.1 peer 10.98.0.2/32" in shown
    assert "fd98::1 peer fd98::2/128" in shown
    apply([RemoveAddress("v.1", one) for one in wanted])
    assert shell.addresses("v.1") == []


def test_an_address_survives_the_one_whose_network_it_shares() -> None:
    """The kernel removes secondary addresses with the primary one, if they are not promoted."""
    promote = Path("/proc/sys/net/ipv4/conf/vti1/promote_secondaries")
    apply([CreateLink("vti1", vti(1), "mark", up=True)])
    promote.write_text("0")
    Path("/proc/sys/net/ipv4/conf/all/promote_secondaries").write_text("0")
    apply([AddAddress("vti1", "10.99.0.1/24"), AddAddress("vti1", "10.99.0.2/24")])
    apply([RemoveAddress("vti1", "10.99.0.1/24")])
    assert shell.addresses("vti1") == ["10.99.0.2/24"]
    assert promote.read_text().strip() == "0"
    apply([AddAddress("vti1", "10.99.0.2/24"), RemoveAddress("vti1", "10.99.0.9/24")])  # as it is


def test_an_address_with_another_prefix_length() -> None:
    apply([CreateLink("vti1", vti(1), "mark", up=True), AddAddress("vti1", "fd99::1/64")])
    message = refusal([AddAddress("vti1", "fd99::1/127")])
    assert "tunnel vti1: add address fd99::1/127" in message
    assert "another prefix length" in message


ROUTES = (
    "route add 10.2.0.0/24 dev vti1",
    "route add 10.3.0.0/24 via 10.2.0.9 dev vti1 onlink metric 7 mtu 1300 advmss 1200 table 99",
    "route add 10.4.0.0/24 via 10.99.0.2 src 10.99.0.1 proto 157",
    "route add 10.5.0.0/24 nexthop via 10.99.0.2 weight 3 nexthop via 192.0.2.7 weight 2",
    "route add 10.6.0.0/24 dev vti1 tos 4",
    "route add fd02::/64 dev vti1 metric 5",
    "route add fd03::/64 via fd99::2 dev vti1 table 99 mtu 1300",
    "route add fd04::/64 nexthop via fd99::2 dev vti1 nexthop via fd99::3 dev vti1",
    "route add 10.7.0.0/24 via inet6 fd99::9 dev vti1",
)
ADDRESSES = ("10.99.0.1/30", "fd99::1/64")


@pytest.fixture
def routed() -> None:
    """Make a device with addresses, routes and sysctls of many kinds."""
    apply(
        [
            CreateLink("vti1", vti(1), "mark", up=True, mtu=1400),
            *(AddAddress("vti1", one) for one in ADDRESSES),
        ]
    )
    shell.ip_batch(*ROUTES)
    for family, key, value in SYSCTLS:
        Path(f"/proc/sys/net/{family}/conf/vti1/{key}").write_text(value)


SYSCTLS = (
    ("ipv4", "log_martians", "1"),
    ("ipv6", "keep_addr_on_down", "-1"),
    ("ipv6", "hop_limit", "33"),
)


@pytest.mark.usefixtures("routed")
def test_recreation_keeps_index_routes_and_sysctls() -> None:
    before, number = all_routes("vti1"), index("vti1")
    assert len(before) >= len(ROUTES)
    apply(
        [
            Keep(number, "vti1"),
            DeleteLink(number, "vti1"),
            CreateLink("vti1", vti(2), "mark", up=True, mtu=1400, index=number),
            *(AddAddress("vti1", one) for one in ADDRESSES),
            PutBack("vti1"),
        ]
    )
    assert index("vti1") == number
    assert all_routes("vti1") == before
    for family, key, value in SYSCTLS:
        assert Path(f"/proc/sys/net/{family}/conf/vti1/{key}").read_text().strip() == value


@pytest.mark.usefixtures("routed")
def test_recreation_when_the_index_is_taken() -> None:
    before, number = all_routes("vti1"), index("vti1")
    apply(
        [
            Keep(number, "vti1"),
            DeleteLink(number, "vti1"),
            CreateLink("other", vti(3), "mark", up=True, index=number),
            CreateLink("vti1", vti(2), "mark", up=True, mtu=1400, index=number),
            *(AddAddress("vti1", one) for one in ADDRESSES),
            PutBack("vti1"),
        ]
    )
    assert index("other") == number
    assert all_routes("vti1") == before


@pytest.mark.usefixtures("routed")
def test_a_change_of_master_keeps_routes() -> None:
    shell.ip_batch("link add vrf1 type vrf table 10", "link set vrf1 up")
    before, number = all_routes("vti1"), index("vti1")
    apply(
        [
            Keep(number, "vti1"),
            ChangeLink(number, "vti1", master="vrf1"),
            AddAddress("vti1", "fd99::1/64"),
            PutBack("vti1"),
        ]
    )
    assert shell.link("vti1")["master"] == "vrf1"
    # Its source address is no longer one of the main table's.
    before = [line.replace(" src 10.99.0.1", "") for line in before]
    after = all_routes("vti1")
    ours = [
        line for line in before if "proto 2 " not in line
    ]  # 2: connected, now in the VRF's table
    assert [line for line in ours if line not in after] == []


def test_what_was_flushed_comes_back_though_an_address_is_refused() -> None:
    apply([CreateLink("vti1", vti(1), "mark", up=True), AddAddress("vti1", "10.99.0.1/30")])
    shell.run("ip route add 10.2.0.0/24 dev vti1")
    number = index("vti1")
    message = refusal(
        [
            Keep(number, "vti1"),
            DeleteLink(number, "vti1"),
            CreateLink("vti1", vti(1), "mark", up=True, index=number),
            AddAddress("vti1", "ff02::5/64"),
            PutBack("vti1"),
            SetSysctl("vti1", "rp_filter", 2),
        ]
    )
    assert "tunnel vti1: add address ff02::5/64" in message
    assert "left half done: vti1" in message
    assert any(line.startswith("10.2.0.0/24 ") for line in all_routes("vti1"))


def test_removal_in_bulk_takes_no_foreign_device_along() -> None:
    names = [f"vti{number}" for number in range(1, 6)]
    apply(*[[CreateLink(name, vti(n), "mark", up=True)] for n, name in enumerate(names)])
    shell.run(f"ip link add foreign group {DOOMED_GROUP} type dummy")
    assert apply(*[[DeleteLink(index(name), name)] for name in names]) == names
    left = {one["ifname"] for one in shell.ip_json("link")}
    assert not left & set(names)
    assert "foreign" in left


def test_removal_in_bulk_of_what_is_gone_already() -> None:
    names = [f"vti{number}" for number in range(1, 6)]
    apply(*[[CreateLink(name, vti(n), "mark", up=True)] for n, name in enumerate(names)])
    changes = [[DeleteLink(index(name), name)] for name in names]
    shell.run("ip link del vti3")
    assert apply(*changes) == names
    assert not {one["ifname"] for one in shell.ip_json("link")} & set(names)


def test_removal_in_bulk_is_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"vti{number}" for number in range(1, 6)]
    apply(*[[CreateLink(name, vti(n), "mark", up=True)] for n, name in enumerate(names)])
    changes = [[DeleteLink(index(name), name)] for name in names]
    monkeypatch.setattr(link, "delete", None)  # what removes them one by one
    assert apply(*changes) == names


def test_a_device_that_took_the_name_meanwhile_is_not_touched() -> None:
    shell.run("ip link add vti2 type dummy")
    before = shell.link("vti2")
    steps: list[list[TunnelStep]] = [
        [
            CreateLink(f"vti{n}", vti(n), "mark", up=True, group=3),
            AddAddress(f"vti{n}", f"10.99.{n}.1/30"),
            SetSysctl(f"vti{n}", "rp_filter", 2),
        ]
        for n in (1, 2, 3)
    ]
    message = refusal(*steps)
    assert "tunnel vti2: create: the kernel refused it" in message
    assert "EEXIST" in message
    assert "half done" not in message
    assert shell.link("vti2") == before
    assert shell.addresses("vti2") == []
    assert shell.addresses("vti3") == ["10.99.3.1/30"]


def test_an_if_id_that_a_moved_device_holds(namespace: str) -> None:
    other = f"{namespace}x"
    shell.run(f"ip netns add {other}")
    try:
        apply(
            [
                CreateLink("xfrm1", XfrmData(7, "eth0"), "mark", up=False),
                MoveLink(0, "xfrm1", other),
                ChangeLink(0, "xfrm1", up=True, netns=other),
                AddAddress("xfrm1", "10.99.0.1/30", other),
                SetSysctl("xfrm1", "rp_filter", 2, other),
            ]
        )
        assert "10.99.0.1/30" in shell.run(f"ip -n {other} addr show dev xfrm1 up")
        path = "/proc/sys/net/ipv4/conf/xfrm1/rp_filter"
        assert shell.run(f"ip netns exec {other} cat {path}").strip() == "2"
        with open_session(other) as session:
            found = read_tunnels(session.netlink).links["xfrm1"]
        assert found.data == XfrmData(7, f"if{index('eth0')}")
        message = refusal([CreateLink("xfrm2", XfrmData(7, "eth0"), "mark", up=True)])
        assert "tunnel xfrm2: create" in message
        assert "moved to another namespace" in message
        change = ChangeLink(found.index, "xfrm1", XfrmData(8, found.data.dev), netns=other)
        apply([change])  # its underlay is named by an index of the other namespace
        apply([DeleteLink(found.index, "xfrm1", other)])
    finally:
        shell.run(f"ip netns del {other}")
