# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warnings of connections that load and do not work; a clean configuration has none."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Link,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    FoundRoute,
    NextHop,
    Route,
    RouteIdentity,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import Found
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lint_connection import (
    lint_connections,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.surroundings import (
    Surroundings,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.strongswan_conf import (
    read_switch,
)

Options = dict[str, t.Any]

ALGORITHMS = {
    "encryption": frozenset({"AES_CBC"}),
    "aead": frozenset({"AES_GCM_16"}),
    "integrity": frozenset({"HMAC_SHA2_256_128"}),
    "prf": frozenset({"PRF_HMAC_SHA2_256"}),
    "dh": frozenset({"CURVE_25519", "MODP_2048"}),
}


def connection(name: str = "sun", remote: str = "192.0.2.2", **child: t.Any) -> Options:
    """Return a connection with one child of the same name."""
    proposals = child.pop("proposals", ["aes256gcm16-prfsha256-x25519", "default"])
    outer = child.pop("outer", {})
    return {
        "name": name,
        "state": "present",
        "version": 2,
        "remote_addrs": [remote],
        "proposals": proposals,
        "children": [{"name": name, "remote_ts": ["10.2.0.0/16"], **child}],
        **outer,
    }


def route(dst: str, device: str, protocol: int = 3) -> FoundRoute:
    """Return a route through a device."""
    version = 6 if ":" in dst else 4
    return FoundRoute(
        Route(RouteIdentity(version, 254, dst, 0, 0), hops=(NextHop(device),)), protocol
    )


VTI = Link(2, "vti42", data=VtiData("192.0.2.1", "192.0.2.2", 42, 42))
XFRM = Link(3, "ipsec7", data=XfrmData(7))


def warnings(*connections: Options, others: str = "", **around: t.Any) -> list[str]:
    """Return the warnings for connections beside a file by hand."""
    path = "/etc/swanctl/conf.d/by-hand.conf"
    found = Found(
        {path: ConfigFile(path, others, 0o600)},
        surroundings=Surroundings(**{"algorithms": ALGORITHMS, "install_routes": False, **around}),
    )
    return list(lint_connections([parse_connection(one) for one in connections], found, set()))


CLEAN: dict[str, tuple[list[Options], Options]] = {
    "no mark": ([connection()], {"install_routes": True}),
    "marks": ([connection("a", mark_in="1"), connection("b", "192.0.2.3", mark_in="2")], {}),
    "one VTI, two connections": ([connection("a", mark_in="1"), connection("b", mark_in="1")], {}),
    "other masks": (
        [connection("a", mark_in="1/0xf"), connection("b", "192.0.2.3", mark_in="1/0xff")],
        {},
    ),
    "unique marks": (
        [connection("a", mark_in="%unique"), connection("b", "192.0.2.3", mark_in="%unique")],
        {},
    ),
    "if_id beside charon's routes": ([connection(if_id_out="7")], {"install_routes": True}),
    "one if_id, two peers": (
        [connection("a", if_id_out="7"), connection("b", "192.0.2.3", if_id_out="7")],
        {},
    ),
    "not known": ([connection(mark_out="42")], {"install_routes": None, "algorithms": {}}),
    "routes inside": (
        [connection(mark_out="42"), connection("b", if_id_out="7", remote_ts=["::/1", "8000::/1"])],
        {
            "tunnels": (VTI, XFRM),
            "routes": (
                route("10.2.7.0/24", "vti42"),
                route("10.99.0.0/30", "vti42", protocol=2),
                route("::/0", "ipsec7"),
            ),
        },
    ),
    "a range": (
        [connection(mark_out="42", remote_ts=["10.2.0.0-10.2.255.255[tcp/80]"])],
        {"tunnels": (VTI,), "routes": (route("10.2.0.0/16", "vti42"),)},
    ),
    "two children": (
        [connection(mark_out="42"), connection("b", mark_out="42", remote_ts=["10.3.0.0/16"])],
        {"tunnels": (VTI,), "routes": (route("10.2.0.0/15", "vti42"),)},
    ),
    "told by the peer": (
        [connection(mark_out="42", remote_ts=["dynamic"])],
        {"tunnels": (VTI,), "routes": (route("10.9.0.0/16", "vti42"),)},
    ),
    "another device": (
        [connection(mark_out="43")],
        {"tunnels": (VTI,), "routes": (route("10.9.0.0/16", "vti42"),)},
    ),
    "the kernel's algorithms": ([connection(esp_proposals=["chacha20poly1305-x25519"])], {}),
    "unknown words are charon's to judge": ([connection(proposals=["magic-x25519"])], {}),
}


@pytest.mark.parametrize(("connections", "around"), CLEAN.values(), ids=CLEAN)
def test_clean(connections: list[Options], around: Options) -> None:
    assert warnings(*connections, **around) == []


def test_one_mark_on_different_endpoints() -> None:
    two = [connection("a", mark_in="42", mark_out="42"), connection("b", "192.0.2.3", mark_in="42")]
    (warning,) = warnings(*two)
    assert warning == (
        "connection b: child b: mark 42 is that of connection a: child a, too, whose endpoints are"
        " %any and 192.0.2.2, and here they are %any and 192.0.2.3: a VTI has one pair of"
        " endpoints; give each connection a mark of its own"
    )


def test_one_mark_beside_another_file() -> None:
    text = "connections { far { remote_addrs = 192.0.2.9\n children { far { mark_out = 0x2a } } } }"
    (warning,) = warnings(connection(mark_out="42"), others=text)
    assert "is that of connection far: child far" in warning


@pytest.mark.parametrize("text", ["connections { far { children { far { mark_out = x } } } }", "{"])
def test_what_stands_in_other_files(text: str) -> None:
    assert warnings(connection(mark_out="42"), others=text) == []


def test_install_routes() -> None:
    several = [connection(f"c{number}", mark_out=str(number)) for number in range(1, 8)]
    (warning,) = warnings(*several, install_routes=True)
    assert "install_routes is on, and connections have marks (c1, c2, c3, c4, c5, ...)" in warning
    assert "install_routes = no" in warning


def test_routes_that_no_selector_covers() -> None:
    outer = {"if_id_out": "7", "if_id_in": "7"}
    found = warnings(
        connection("a", mark_out="42"),
        connection("b", outer=outer),
        tunnels=(VTI, XFRM),
        routes=(
            route("10.3.0.0/16", "vti42"),
            route("10.0.0.0/8", "ipsec7"),
            route("fd00::/8", "ipsec7"),
        ),
    )
    assert found[0] == (
        "connection a: child a: route 10.3.0.0/16 through vti42 is in no remote_ts of the children"
        " with mark_out 42 (a), so its packets are dropped; add it to remote_ts, or remove the route"
    )
    assert "10.0.0.0/8 through ipsec7" in found[1]
    assert "fd00::/8 through ipsec7" in found[2]
    assert len(found) == 3


PROPOSALS = {
    "aes256-sha384-x25519": "sha384",
    "chacha20poly1305-prfsha512-ecp256": "chacha20poly1305, prfsha512, ecp256",
    "aes256gcm16-prfsha256-x25519-ke1_mlkem768": "ke1_mlkem768",
}


@pytest.mark.parametrize(("proposal", "words"), PROPOSALS.items())
def test_proposals(proposal: str, words: str) -> None:
    (warning,) = warnings(connection(proposals=[proposal, "default"]))
    assert (
        f"connection sun: proposals '{proposal}': none of charon's plugins has {words}," in warning
    )


def test_the_group_of_a_child() -> None:
    (warning,) = warnings(connection(esp_proposals=["chacha20poly1305-ecp256"]))
    assert "connection sun: child sun: esp_proposals" in warning
    assert "has ecp256," in warning


@pytest.mark.parametrize(
    ("ports", "warned"),
    [
        ({"remote_port": 600}, True),
        ({"remote_port": 600, "local_port": 500}, True),
        ({"remote_port": 600, "local_port": 4500}, False),
        ({"remote_port": 4500}, False),
        ({"remote_port": 500}, False),
    ],
)
def test_a_port_that_charon_does_not_send_to(ports: Options, warned: bool) -> None:
    told = warnings(connection(outer=ports))
    assert len(told) == warned
    assert all("connection sun: remote_port 600 with local_port 500" in one for one in told)


SETTINGS = {
    "": True,
    "charon { install_routes = no }": False,
    "charon { install_routes = no }\ncharon-systemd { install_routes = yes }": True,
    "include more/*.conf": False,
    "charon-systemd { install_routes = perhaps }": None,
    "charon {": None,
}


@pytest.mark.parametrize(("text", "expected"), SETTINGS.items())
def test_strongswan_conf(tmp_path: Path, text: str, expected: bool | None) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more/a.conf").write_text("charon-systemd {\n  install_routes = no\n}\n")
    (tmp_path / "more/b.conf").write_text("charon { not parsed")
    main = tmp_path / "strongswan.conf"
    main.write_text(text)
    assert read_switch("install_routes", True, [str(tmp_path / "none"), str(main)]) is expected
    assert read_switch("install_routes", True, [str(tmp_path / "none")]) is None
