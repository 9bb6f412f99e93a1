# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether SAs have the present configuration; tests/charon proves it against charon."""

from __future__ import annotations

import typing as t
from dataclasses import replace

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import ChildSa, IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import Mark
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import Found
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.formers import (
    remaining_of,
    with_change,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import (
    IKE,
    Former,
    not_in_force,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_algorithms import (
    agreed,
    could_lead_to,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

Options = dict[str, t.Any]
NOW = 10000.0


def connection(child: Options | None = None, **options: t.Any) -> Section:
    """Return a connection with the child C(net)."""
    entry = {
        "name": "gw",
        "state": "present",
        "version": 2,
        "children": [{"name": "net", **(child or {})}],
        **options,
    }
    return parse_connection(entry).section


CHILD = ChildSa(
    name="net",
    uniqueid=7,
    reqid=1,
    state="INSTALLED",
    mode="TUNNEL",
    protocol="ESP",
    local_ts=("10.1.0.0/24",),
    remote_ts=("10.2.0.0/24",),
    encr_alg="AES_GCM_16",
    encr_keysize=256,
    install_time=100,
    life_time=3860,
)
SA = IkeSa(
    name="gw",
    uniqueid=3,
    version=2,
    state="ESTABLISHED",
    local_host="192.0.2.1",
    remote_host="192.0.2.2",
    local_id="moon.example.org",
    remote_id="sun.example.org",
    encr_alg="AES_CBC",
    encr_keysize=128,
    integ_alg="HMAC_SHA2_256_128",
    prf_alg="PRF_HMAC_SHA2_256",
    dh_group="CURVE_25519",
    established=200,
    children=(CHILD,),
)


def reasons(section: Section, sa: IkeSa = SA, **formers: tuple[Former, ...]) -> list[str]:
    """Return why an SA is not in force; O(formers) by level, C(ike) or C(net)."""
    noted = {IKE if level == "ike" else level: known for level, known in formers.items()}
    return [verdict.reason for verdict in not_in_force(section, noted, [sa], NOW)]


FITTING: list[tuple[Options, Options]] = [
    ({}, {}),
    ({"esp_proposals": ["aes256gcm16"], "life_time": "66m", "mode": "tunnel"}, {}),
    ({"esp_proposals": ["aes128-sha256", "aes256gcm128-x25519"]}, {}),
    ({"esp_proposals": ["default"]}, {}),
    ({"local_ts": ["10.1.0.0/16"], "remote_ts": ["10.2.0.0-10.2.0.255", "10.3.0.0/16"]}, {}),
    ({"local_ts": ["dynamic"]}, {}),
    ({"updown": "/bin/true", "rekey_time": "1h"}, {"dpd_delay": "30s"}),
    ({}, {"proposals": ["aes128-sha256-x25519"]}),
    ({}, {"local_addrs": ["192.0.2.0/24"], "remote_addrs": ["sun.example.org"], "mobike": False}),
    ({}, {"remote_addrs": ["192.0.2.9"]}),  # MOBIKE may have moved it
    ({}, {"local": [{"id": "@moon.example.org"}], "remote": [{"id": "C=CH, CN=sun"}]}),
    ({}, {"remote": [{"id": "%any"}]}),
]


@pytest.mark.parametrize(("child", "options"), FITTING)
def test_what_an_sa_shows_fits(child: Options, options: Options) -> None:
    assert reasons(connection(child, **options)) == []


def test_what_is_told_with_the_authentication_is_not_missed_before_it() -> None:
    section = connection(local=[{"id": "moon.example.org"}], vips=["0.0.0.0"])
    begun = replace(SA, state="CONNECTING", local_id="%any", remote_id="%any", children=())
    assert reasons(section, begun) == []
    assert reasons(section, replace(begun, state="ESTABLISHED"))


MISFITS: list[tuple[str, Options, Options]] = [
    ("esp_proposals", {"esp_proposals": ["aes128gcm16", "aes128-sha256"]}, {}),
    ("mark_in", {"mark_in": "42"}, {}),
    ("mark_out", {"mark_out": "%unique"}, {}),
    ("if_id_in", {"if_id_in": "42"}, {}),
    ("if_id_out", {"if_id_out": "%unique"}, {}),
    ("reqid", {"reqid": 5}, {}),
    ("local_ts", {"local_ts": ["10.1.0.0/25"]}, {}),
    ("remote_ts", {"remote_ts": ["fd00::/64"]}, {}),
    ("life_time", {"rekey_time": "2h"}, {}),
    ("life_time", {"life_time": "1h"}, {}),
    ("life_time", {"rekey_time": "0"}, {}),
    ("version", {}, {"version": 1}),
    ("proposals", {}, {"proposals": ["aes256-sha256-x25519"]}),
    ("vips", {}, {"vips": ["0.0.0.0"]}),
    ("local.id", {}, {"local": [{"id": "mars.example.org"}]}),
    ("remote_addrs", {}, {"remote_addrs": ["192.0.2.9"], "mobike": False}),
]


@pytest.mark.parametrize(("option", "child", "options"), MISFITS)
def test_what_an_sa_shows_does_not_fit(option: str, child: Options, options: Options) -> None:
    assert any(
        one.endswith(f"it does not have the present {option}")
        for one in reasons(connection(child, **options))
    )


def test_unique_marks() -> None:
    child = replace(CHILD, mark_in=Mark(9, 2**32 - 1), if_id_in=5)
    wanted = connection({"mark_in": "%unique", "if_id_in": "%unique"})
    assert reasons(wanted, replace(SA, children=(child,))) == []


def test_if_id_of_the_connection() -> None:
    sa = replace(SA, if_id_in=5, children=(replace(CHILD, if_id_in=5),))
    assert reasons(connection(if_id_in="5"), sa) == []


def test_former_one_that_is_not_seen() -> None:
    former = Former(connection())
    wanted = connection({"updown": "/bin/true"})
    (reason,) = reasons(wanted, net=(former,), ike=(former,))
    assert reason.startswith("CHILD SA net #7: updown changed while it was up")
    (reason,) = reasons(connection(dpd_delay="1m"), net=(former,), ike=(former,))
    assert reason.startswith("IKE SA #3: dpd_delay changed while it was up")


def test_former_one_that_is_excluded() -> None:
    wanted = {"esp_proposals": ["aes256gcm16"], "updown": "/bin/true"}
    former = Former(connection({"esp_proposals": ["aes128-sha256"]}))
    assert reasons(connection(wanted), net=(former,)) == []


def test_former_one_that_is_younger_than_the_sa() -> None:
    wanted = connection()
    other = connection({"updown": "/bin/true"})
    assert reasons(wanted, net=(Former(wanted), Former(other, NOW - 50))) == []
    assert reasons(wanted, net=(Former(wanted), Former(other, NOW - 150))) != []


def test_an_ike_sa_gives_its_children_what_it_has() -> None:
    former = Former(connection({"updown": "/bin/true"}, dpd_delay="1m"))
    told = reasons(connection(), ike=(former,))
    assert [one.split(":")[0] for one in told] == ["IKE SA #3", "CHILD SA net #7"]


def test_unknown_former_one() -> None:
    told = reasons(connection(), ike=(Former(None),), net=(Former(None),))
    assert len(told) == 2
    assert all("one that no file had" in one for one in told)


def test_child_that_is_gone() -> None:
    sa = replace(SA, children=(replace(CHILD, name="old"),))
    assert reasons(connection()) == []
    assert reasons(connection(), sa) == ["CHILD SA old #7: the connection has no such child"]


def test_what_is_noted_and_forgotten() -> None:
    old, new = connection(), connection({"updown": "/bin/true"})
    found = Found(loaded=frozenset({"gw"}), now=NOW)
    noted = with_change("gw", old, new, (SA,), found)
    assert noted == {level: (Former(old), Former(new, NOW)) for level in (IKE, "net")}
    assert with_change("gw", old, new, (), found) == {}
    again = with_change("gw", new, old, (SA,), replace(found, formers={"gw": noted}, now=NOW + 9))
    assert again == noted
    assert remaining_of(noted, [], new, NOW) == {}
    assert remaining_of(noted, [SA], new, NOW) == {"net": noted["net"]}  # the IKE SA has it
    assert remaining_of(noted, [SA], None, NOW) == noted
    made = replace(SA, state="CONNECTING", children=())
    assert remaining_of(noted, [made], new, NOW) == noted  # its children may come yet


KEYWORDS = [
    (["aes128-sha256-modp2048"], "AES_CBC", 128, "HMAC_SHA2_256_128", "", True),
    (["aes-sha1"], "AES_CBC", 128, "HMAC_SHA1_96", "", True),
    (["aes128-sha256"], "AES_CBC", 128, "HMAC_SHA2_256_128", "MODP_2048", False),
    (["aes128-sha256-ecp256"], "AES_CBC", 128, "HMAC_SHA2_256_128", "ECP_256", True),
    (["aes192-sha384"], "AES_CBC", 256, "HMAC_SHA2_384_192", "", False),
    (["aes256-sha512"], "AES_CBC", 256, "HMAC_SHA2_256_128", "", False),
    (["chacha20poly1305"], "CHACHA20_POLY1305", None, "", "", True),
    (["camellia256ctr-sha2_512"], "CAMELLIA_CTR", 256, "HMAC_SHA2_512_256", "", True),
    (["3des-md5", "null-sha1"], "NULL", None, "HMAC_SHA1_96", "", True),
    (["aes256ccm64"], "AES_CCM_8", 256, "", "", True),
    (["newcipher-sha256"], "AES_CBC", 128, "HMAC_SHA2_256_128", "", True),  # not known: maybe
]


@pytest.mark.parametrize(("proposals", "encr", "size", "integ", "group", "fits"), KEYWORDS)
def test_keywords(
    proposals: list[str], encr: str, size: int | None, integ: str, group: str, fits: bool
) -> None:
    child = replace(CHILD, encr_alg=encr, encr_keysize=size, integ_alg=integ, dh_group=group)
    assert could_lead_to(proposals, agreed(child)) is fits
