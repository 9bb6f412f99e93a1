# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each attribute of each kind of tunnel device: create with it, change it, remove it."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]
Witness = t.Callable[[str], t.Any]

SETTINGS: Options = {"mtu": 1400, "addresses": ["10.99.0.1/30", "fd99::1/64"]}
KINDS: dict[str, Options] = {
    "vti": {"local": "192.0.2.1", "remote": "192.0.2.2", "key": "42"},
    "vti6": {"local": "2001:db8::1", "remote": "2001:db8::2", "key": "42"},
    "xfrm": {"if_id": "42"},
}


@pytest.fixture(autouse=True)
def masters() -> None:
    """Make two VRFs, and a second underlay device."""
    shell.ip_batch(
        "link add red type vrf table 10",
        "link add blue type vrf table 20",
        "link set red up",
        "link set blue up",
        "addr add 2001:db8::1/64 dev eth0 nodad",
        "link add other type dummy",
        "link set other up",
    )


def data(field: str) -> Witness:
    """Return a witness for an attribute of the kind."""
    return lambda name: shell.link(name)["linkinfo"]["info_data"].get(field)


def attribute(field: str) -> Witness:
    """Return a witness for an attribute of the link."""
    return lambda name: shell.link(name).get(field)


def own_addresses(name: str) -> list[str]:
    """Return a device's addresses, without IPv6 link-local ones."""
    found = shell.ip_json(f"addr show dev {name}")[0]["addr_info"]
    return [one["local"] for one in found if one["scope"] != "link"]


def sysctl(*keys: str) -> Witness:
    """Return a witness for sysctls, V(ipv4/rp_filter)."""

    def read(name: str) -> list[str]:
        paths = [Path("/proc/sys/net") / key.replace("/", f"/conf/{name}/") for key in keys]
        return [path.read_text().strip() for path in paths]

    return read


FORWARDING = sysctl("ipv4/forwarding", "ipv6/forwarding")
POLICY = sysctl("ipv4/disable_policy", "ipv6/disable_policy")

# kinds, option, (value, what ip shows), (value, ...), what shows without it
ROWS: list[tuple[str, str, list[tuple[t.Any, t.Any]], Witness]] = [
    (
        "vti",
        "local",
        [("192.0.2.1", "192.0.2.1"), ("192.0.2.9", "192.0.2.9"), ("any", "any")],
        data("local"),
    ),
    ("vti6", "local", [("2001:db8::1", "2001:db8::1"), ("any", "any")], data("local")),
    ("vti", "remote", [("192.0.2.2", "192.0.2.2"), ("192.0.2.8", "192.0.2.8")], data("remote")),
    (
        "vti6",
        "remote",
        [("2001:db8::2", "2001:db8::2"), ("any", "any"), ("2001:db8::9", "2001:db8::9")],
        data("remote"),
    ),
    ("vti vti6", "key", [("42", "0.0.0.42"), ("0x2b", "0.0.0.43")], data("ikey")),
    ("vti vti6", "key", [("1", "0.0.0.1"), ("4294967295", "255.255.255.255")], data("okey")),
    ("vti vti6", "fwmark", [("5", "0x5"), ("0x10", "0x10"), ("0", None)], data("fwmark")),
    ("vti vti6", "dev", [("eth0", "eth0"), ("other", "other"), ("", None)], attribute("link")),
    (
        "xfrm",
        "if_id",
        [("1", "0x1"), ("0x2a", "0x2a"), ("4294967295", "0xffffffff")],
        data("if_id"),
    ),
    ("vti vti6 xfrm", "mtu", [(1400, 1400), (1280, 1280)], attribute("mtu")),
    ("vti vti6 xfrm", "group", [(5, "5"), (6, "6"), (0, "default")], attribute("group")),
    (
        "vti vti6 xfrm",
        "description",
        [
            ("to Oslo", "ipsec.strongswan:default to Oslo"),
            ("ü; b", "ipsec.strongswan:default ü; b"),
            ("", "ipsec.strongswan:default"),
        ],
        attribute("ifalias"),
    ),
    (
        "vti vti6 xfrm",
        "master",
        [("red", "red"), ("blue", "blue"), ("", None)],
        attribute("master"),
    ),
    ("vti vti6 xfrm", "disable_policy", [(True, ["1", "1"]), (False, ["0", "0"])], POLICY),
    ("vti vti6 xfrm", "forwarding", [(True, ["1", "1"]), (False, ["0", "0"])], FORWARDING),
    ("vti vti6 xfrm", "rp_filter", [(2, ["2"]), (1, ["1"]), (0, ["0"])], sysctl("ipv4/rp_filter")),
    (
        "vti vti6 xfrm",
        "addresses",
        [
            (["10.99.0.1 peer 10.99.0.2/32", "fd99::1 peer fd99::2/128"], ["10.99.0.1", "fd99::1"]),
            (["10.99.0.1/30"], ["10.99.0.1"]),
            ([], []),
        ],
        own_addresses,
    ),
    (
        "vti vti6 xfrm",
        "up",
        [(True, True), (False, False)],
        lambda name: "UP" in shell.link(name)["flags"],
    ),
]
CASES = [
    pytest.param(kind, option, values, witness, id=f"{kind}-{option}-{number}")
    for number, (kinds, option, values, witness) in enumerate(ROWS)
    for kind in kinds.split()
]


@pytest.mark.parametrize(("kind", "option", "values", "witness"), CASES)
def test_attribute(
    kind: str, option: str, values: list[tuple[t.Any, t.Any]], witness: Witness
) -> None:
    """changed() also proves check mode, the diff and that a second run changes nothing."""
    options = {**SETTINGS, **KINDS[kind], "name": "t0"}
    first, *others = values
    result = changed("vti_tunnel", **{**options, option: first[0]})
    assert [one["action"] for one in result["actions"]] == ["create"]
    assert shell.link("t0")["linkinfo"]["info_kind"] == kind
    assert witness("t0") == first[1]
    index = shell.link("t0")["ifindex"]
    if option != "addresses":
        shell.run("ip route add 10.2.0.0/24 dev t0")
    for value, shown in others:
        result = changed("vti_tunnel", **{**options, option: value})
        assert {one["action"] for one in result["actions"]} == {"change"}
        assert any(option in one["reason"] or option == "key" for one in result["actions"])
        assert witness("t0") == shown
        assert shell.link("t0")["ifindex"] == index
        kept = shell.link("t0")
        assert kept["mtu"] == (value if option == "mtu" else 1400)
        if option not in {"addresses", "up"}:
            assert "UP" in kept["flags"]
            assert shell.addresses("t0") == SETTINGS["addresses"]
            assert [one["dst"] for one in shell.routes("dev t0 proto boot table all")] == [
                "10.2.0.0/24"
            ]
    last = {**options, option: others[-1][0]}
    left_out = {key: value for key, value in last.items() if key != option or key in KINDS[kind]}
    if option not in {"fwmark", "dev", "disable_policy", "up"}:  # those have a default
        unchanged("vti_tunnel", **left_out)
    result = changed("vti_tunnel", name="t0", state="absent")
    assert result["diff"][0]["after"] == ""
    assert "t0" not in shell.run("ip link")


def routes_of(name: str) -> list[str]:
    """Return all routes of a device but those of its link-local address, a random one."""
    lines = []
    for family in ("", "-6"):
        lines += shell.run(f"ip {family} route show table all dev {name}").splitlines()
    return sorted(line for line in lines if "fe80:" not in line)


def test_xfrm_dev_is_made_anew_with_all_that_it_had() -> None:
    options = {**SETTINGS, "name": "t0", "if_id": "42", "forwarding": True}
    changed("vti_tunnel", **options)
    shell.ip_batch(
        "route add 10.2.0.0/24 dev t0 metric 7 proto static src 10.99.0.1",
        "route add fd02::/64 dev t0",
        "route add 10.3.0.0/24 via 10.99.0.2 dev t0 table 100",
    )
    shell.run("sysctl -qw net.ipv4.conf.t0.log_martians=1")
    before = routes_of("t0")
    index = shell.link("t0")["ifindex"]
    message = run_module("vti_tunnel", **options, dev="eth0", recreate="never")["msg"]
    assert "cannot change it on an XFRM interface" in message
    result = changed("vti_tunnel", **options, dev="eth0")
    assert [one["action"] for one in result["actions"]] == ["recreate"]
    assert shell.link("t0")["link"] == "eth0"
    assert shell.link("t0")["ifindex"] == index
    assert shell.addresses("t0") == SETTINGS["addresses"]
    assert routes_of("t0") == before
    assert FORWARDING("t0") == ["1", "1"]
    assert sysctl("ipv4/log_martians")("t0") == ["1"]


@pytest.mark.parametrize("kind", ["vti", "vti6"])
def test_another_kind_is_made_anew(kind: str) -> None:
    changed("vti_tunnel", name="t0", **KINDS[kind], **SETTINGS)
    result = changed("vti_tunnel", name="t0", **KINDS["xfrm"], **SETTINGS)
    assert [one["action"] for one in result["actions"]] == ["recreate"]
    assert shell.link("t0")["linkinfo"]["info_kind"] == "xfrm"


def test_external() -> None:
    changed("vti_tunnel", name="t0", external=True, **SETTINGS)
    assert shell.link("t0")["linkinfo"]["info_data"].get("external") is True
    message = run_module("vti_tunnel", name="t1", external=True)["msg"]
    assert "external is held by device 't0'" in message
    result = changed("vti_tunnel", name="t0", if_id="5", **SETTINGS)
    assert [one["action"] for one in result["actions"]] == ["recreate"]
    changed("vti_tunnel", name="t0", state="absent")


def test_if_id_is_held() -> None:
    shell.run("ip link add foreign type xfrm dev eth0 if_id 42")
    message = run_module("vti_tunnel", name="t0", if_id="42")["msg"]
    assert "if_id 42 is held by device 'foreign'" in message


def test_if_ids_change_places() -> None:
    def wanted(*numbers: int) -> list[Options]:
        return [{"name": f"t{n}", "if_id": str(number)} for n, number in enumerate(numbers)]

    changed("vti_tunnel", tunnels=wanted(1, 2, 3))
    changed("vti_tunnel", tunnels=wanted(2, 3, 1))
    shown = [shell.link(f"t{n}")["linkinfo"]["info_data"]["if_id"] for n in range(3)]
    assert shown == ["0x2", "0x3", "0x1"]


def test_two_wildcards_and_a_vti_bound_to_a_device() -> None:
    wildcard: Options = {"local": "192.0.2.1", "remote": "any", "key": "1"}
    changed("vti_tunnel", name="t0", **wildcard)
    message = run_module("vti_tunnel", name="t1", **wildcard)["msg"]
    assert "held by device 't0'" in message
    changed("vti_tunnel", name="t1", **wildcard, dev="eth0")
    both: Options = {"local": "any", "remote": "any", "kind": "vti", "dev": "eth0", "key": "9"}
    changed("vti_tunnel", name="t2", **both)
    assert shell.link("t2")["link"] == "eth0"


def test_a_bridge_is_refused() -> None:
    shell.run("ip link add br0 type bridge")
    message = run_module("vti_tunnel", name="t0", if_id="1", master="br0")["msg"]
    assert "Ethernet devices only" in message
    assert "t0" not in shell.run("ip link")


def test_a_policy_based_tunnel_between_the_endpoints() -> None:
    template = "tmpl src 192.0.2.1 dst 192.0.2.2 proto esp mode tunnel reqid 1"
    policy = "ip xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir out"
    shell.run(f"{policy} {template}")
    message = run_module("vti_tunnel", name="t0", **KINDS["vti"])["msg"]
    assert "an unmarked IPsec policy" in message
    assert "t0" not in shell.run("ip link")
    changed("vti_tunnel", name="t0", **{**KINDS["vti"], "remote": "192.0.2.3"})
    changed("vti_tunnel", name="x0", if_id="1")  # has no endpoints
    shell.run("ip xfrm policy flush")
    shell.run(f"{policy} mark 7 {template}")
    changed("vti_tunnel", name="t1", **KINDS["vti"])


def test_target_netns(inside: str) -> None:
    options = {**SETTINGS, "name": "t0", "if_id": "42", "dev": "eth0", "rp_filter": 2}
    changed("vti_tunnel", **options)
    changed("vti_tunnel", **options, target_netns=inside)
    assert "t0" not in shell.run("ip link")
    (link,) = shell.ip_json(f"-n {inside} -d link show dev t0")
    assert (link["mtu"], link["ifalias"]) == (1400, "ipsec.strongswan:default")
    assert "UP" in link["flags"]
    assert "10.99.0.1/30" in shell.run(f"ip -n {inside} addr show dev t0")
    read = f"ip netns exec {inside} cat /proc/sys/net/ipv4/conf/t0/rp_filter"
    assert shell.run(read).strip() == "2"
    changed("vti_tunnel", **{**options, "if_id": "43", "mtu": 1380}, target_netns=inside)
    (link,) = shell.ip_json(f"-n {inside} -d link show dev t0")
    assert (link["linkinfo"]["info_data"]["if_id"], link["mtu"]) == ("0x2b", 1380)
    changed("vti_tunnel", name="t1", if_id="44", target_netns=inside)
    message = run_module("vti_tunnel", name="t2", if_id="44")["msg"]
    assert "namespace" in message
    result = changed("vti_tunnel", tunnels=[], purge=True, target_netns=inside)
    assert [one["object"] for one in result["actions"]] == ["tunnel t0", "tunnel t1"]
    assert "t0" not in shell.run(f"ip -n {inside} link")


def test_a_vti_is_not_moved(inside: str) -> None:
    message = run_module("vti_tunnel", name="t0", **KINDS["vti"], target_netns=inside)["msg"]
    assert "expected kind xfrm" in message


def test_what_was_made_by_hand_in_bulk_and_foreign_devices_in_the_same_group() -> None:
    """Removing many goes by a scratch group: nothing foreign may be in it."""
    tunnels = [{"name": f"t{n}", "if_id": str(n + 1), "group": 7} for n in range(20)]
    changed("vti_tunnel", tunnels=tunnels)
    shell.ip_batch(
        "link add foreign group 7 type xfrm dev eth0 if_id 99",
        "link add unmarked group 1987340593 type xfrm dev eth0 if_id 98",
    )
    changed("vti_tunnel", tunnels=[], purge=True)
    left = {link["ifname"] for link in shell.ip_json("link show type xfrm")}
    assert left == {"foreign", "unmarked"}


def test_a_run_that_was_killed_while_it_removed_in_bulk() -> None:
    tunnels = [{"name": f"t{n}", "if_id": str(n + 1)} for n in range(3)]
    changed("vti_tunnel", tunnels=tunnels)
    for n in range(2):
        shell.run(f"ip link set dev t{n} group 1987340593")
    changed("vti_tunnel", tunnels=tunnels[1:], purge=True)
    assert {link["ifname"] for link in shell.ip_json("link show type xfrm")} == {"t1", "t2"}
    assert shell.link("t1")["group"] == "default"
