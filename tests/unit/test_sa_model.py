# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IKE and CHILD SAs from what a charon told, and from what newer ones tell besides."""

from __future__ import annotations

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import CharonError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import (
    ESTABLISHED,
    INSTALLED,
    ChildSa,
    IkeSa,
    parse_ike_sa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import Mark
from ansible_collections.ipsec.strongswan.tests.support.recorded import recorded


@pytest.fixture
def told() -> dict[str, IkeSa]:
    """The IKE SAs of the recorded answer by name."""
    return {ike.name: ike for ike in map(parse_ike_sa, recorded("list-sas"))}


def test_an_established_ike_sa(told: dict[str, IkeSa]) -> None:
    ike = told["gw"]
    assert (ike.uniqueid, ike.version, ike.state, ike.initiator) == (1, 2, ESTABLISHED, True)
    assert (ike.local_id, ike.local_host, ike.local_port) == ("moon.example.org", "10.77.0.1", 4500)
    assert (ike.remote_id, ike.remote_host) == ("sun.example.org", "10.77.0.2")
    assert (ike.nat_local, ike.nat_remote) == (False, True)
    assert (ike.encr_alg, ike.encr_keysize, ike.integ_alg) == ("AES_CBC", 128, "HMAC_SHA2_256_128")
    assert (ike.prf_alg, ike.dh_group) == ("PRF_HMAC_SHA2_256", "CURVE_25519")
    assert (ike.established, ike.rekey_time, ike.reauth_time) == (175, 2526, 35270)
    assert ike.local_vips == ("10.3.0.1", "fd33::1")
    assert ike.remote_vips == ()
    assert [child.name for child in ike.children] == ["two", "net"]


def test_a_child_sa_with_marks(told: dict[str, IkeSa]) -> None:
    assert told["gw"].children[1] == ChildSa(
        name="net",
        uniqueid=8,
        reqid=1,
        state=INSTALLED,
        mode="TUNNEL",
        protocol="ESP",
        encap=True,
        local_ts=("10.1.0.0/24",),
        remote_ts=("10.2.0.0/24",),
        encr_alg="AES_GCM_16",
        encr_keysize=128,
        mark_in=Mark(42, 0xFFFFFFFF),
        mark_out=Mark(42, 0xFF),
        spi_in="7acc237d",
        spi_out="2950c059",
        bytes_in=252,
        packets_in=3,
        use_in=0,
        bytes_out=252,
        packets_out=3,
        use_out=0,
        install_time=37,
        rekey_time=1585,
        life_time=1943,
    )


def test_a_child_sa_with_if_ids(told: dict[str, IkeSa]) -> None:
    child = told["gw"].children[0]
    assert (child.if_id_in, child.if_id_out) == (255, 255)  # charon writes them in hexadecimal
    assert not child.mark_in
    assert not child.mark_out
    assert child.local_ts == ("10.1.1.0/24", "fd01::/64")
    assert (child.use_in, child.packets_in) == (None, 0)


def test_version_1(told: dict[str, IkeSa]) -> None:
    assert (told["old"].version, told["old"].reauth_time) == (1, None)
    assert [child.name for child in told["old"].children] == ["v1net"]


def test_an_ike_sa_that_is_not_established_yet(told: dict[str, IkeSa]) -> None:
    ike = told["silent"]
    assert (ike.state, ike.remote_id, ike.children) == ("CONNECTING", "%any", ())
    assert (ike.established, ike.rekey_time, ike.encr_keysize) == (None, None, None)
    assert ike.tasks_active[-1] == "CHILD_CREATE"


def test_what_newer_ones_tell_besides() -> None:
    """As the README of vici of 6.0 names it."""
    child = {
        "name": b"c",
        "uniqueid": b"7",
        "reqid": b"3",
        "state": b"INSTALLED",
        "mode": b"TUNNEL",
        "ake1": b"ML_KEM_768",
        "ake3": b"ML_KEM_1024",
        "esn": b"1",
        "label": b"73",
        "cpu": b"2",
    }
    ike = parse_ike_sa(
        {
            "pq": {
                "uniqueid": b"9",
                "version": b"2",
                "state": b"ESTABLISHED",
                "ake1": b"ML_KEM_768",
                "ppk": b"yes",
                "if-id-in": b"0000000a",
                "remote-eap-id": b"carol",
                "child-sas": {"c-7": child},
            }
        }
    )
    assert (ike.additional_key_exchanges, ike.ppk, ike.if_id_in) == (("ML_KEM_768",), True, 10)
    assert ike.remote_eap_id == "carol"
    assert ike.children[0].additional_key_exchanges == ("ML_KEM_768", "ML_KEM_1024")
    assert (ike.children[0].esn, ike.children[0].label, ike.children[0].cpu) == (True, "73", 2)


def test_an_identity_that_is_no_text() -> None:
    assert parse_ike_sa({"a": {"remote-id": b"\xff\xfe"}}).remote_id == "\ufffd\ufffd"


def test_what_is_no_ike_sa() -> None:
    with pytest.raises(CharonError, match="without an IKE SA"):
        parse_ike_sa({})
    with pytest.raises(CharonError, match="uniqueid = 'many': expected a number"):
        parse_ike_sa({"a": {"uniqueid": b"many"}})
