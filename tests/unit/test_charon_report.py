# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report from recorded answers of charon, and files."""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.subset import SUBSETS
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import file_header
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.charon_objects import Sources
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.charon_report import (
    NOTHING,
    Told,
    Wanted,
    report,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import IKE, Former
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.report_in_force import Noted
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.tests.support.recorded import recorded

Facts = dict[str, t.Any]

NOW = datetime.datetime(2026, 11, 24, 3, 0, tzinfo=datetime.UTC)
SECRET = "abcdefghijklmnopqrstuvwxyz"
FILE = f"""\
connections {{
  gw {{
    version = 2
    local_addrs = 10.77.0.1
    remote_addrs = 10.77.0.2
    rekey_time = 1h
    mobike = no
    vips = 0.0.0.0, ::
    local {{
      auth = psk
      id = moon.example.org
    }}
    children {{
      net {{
        local_ts = 10.1.0.0/24
        remote_ts = 10.2.0.0/24
        mark_in = 42
        mark_out = 42/0xff
        rekey_time = 30m
        start_action = start
      }}
      two {{
        local_ts = 10.1.1.0/24, fd01::/64
        if_id_in = 255
        if_id_out = 255
        start_action = trap
      }}
    }}
  }}
  bycert {{
    remote_addrs = 10.77.0.2
    children {{
      certnet {{
        remote_ts = 10.2.6.0/24
        rekey_bytes = 500M
      }}
      shunt {{
        mode = pass
        start_action = trap
      }}
      dropped {{
        mode = drop
        start_action = trap
      }}
    }}
  }}
  old {{
    version = 1
    children {{
      v1net {{
      }}
    }}
  }}
}}
secrets {{
  ike-1 {{
    id-1 = moon.example.org
    id-2 = sun.example.org
    secret = "{SECRET}"
  }}
  ike-2 {{
    secret = {SECRET}
  }}
  eap-carol {{
    secret = {SECRET}
  }}
}}
authorities {{
  root {{
    cacert = ca.pem
  }}
}}
"""


def files(text: str = FILE, mode: int = 0o600) -> dict[str, ConfigFile]:
    """Return one file."""
    return {"/a.conf": ConfigFile("/a.conf", text, mode)}


def told(**other: t.Any) -> Told:
    """Return what the recorded charon answered."""

    def names(answer: str, key: str) -> frozenset[str]:
        return frozenset(name.decode() for name in recorded(answer)[key])

    answers = Told(
        version=recorded("version"),
        stats=recorded("stats"),
        algorithms=recorded("get-algorithms"),
        connections=recorded("list-conns"),
        over_vici=names("get-conns", "conns"),
        ike_sas=recorded("list-sas"),
        policies=recorded("list-policies"),
        pools={},
        certificates=recorded("list-certs"),
        authorities=recorded("list-authorities"),
        secrets=names("get-shared", "keys"),
        private_keys=names("get-keys", "keys"),
        counters=recorded("get-counters")["counters"],
    )
    return dataclasses.replace(answers, **other)


def reported(
    answers: Told | None = None,
    *,
    sources: Sources | None = None,
    parts: t.Iterable[str] = SUBSETS,
    names: list[str] | None = None,
) -> Facts:
    """Return a report."""
    wanted = Wanted(frozenset(parts), names, 14)
    return report(wanted, sources or Sources(files()), answers or told(), NOW)


def by_name(facts: list[Facts]) -> dict[str, Facts]:
    """Return facts by name."""
    return {one["name"]: one for one in facts}


def problems(facts: Facts) -> list[str]:
    """Return the problems of a report, without those of certificates."""
    return [f"{one['name']}: {one['problem']}" for one in facts["problems"] if one["file"]]


def test_a_host_where_all_is_well() -> None:
    facts = reported()
    assert list(facts) == ["running", *SUBSETS, "problems"]
    assert problems(facts) == []
    assert all(one["loaded"] for part in ("connections", "secrets") for one in facts[part])
    json.dumps(facts)


def test_no_secret_is_reported() -> None:
    assert SECRET not in json.dumps(reported())


def test_the_daemon() -> None:
    facts = reported()
    assert facts["running"] is True
    assert facts["daemon"]["version"] == "5.9.8"
    assert facts["stats"]["ike_sas"] == {"total": 2, "half_open": 0}
    assert facts["stats"]["workers"]["active"]["critical"] == 4
    assert "vici" in facts["plugins"]
    assert {"name": "AES_GCM_16", "type": "aead", "plugin": "openssl"} in facts["algorithms"]
    assert facts["counters"][0]["name"] == ""
    assert facts["counters"][0]["ike_init_out_req"] == 4
    assert facts["private_keys"] == [{"name": "2ad1034dc35eeb4f8282e1929c6a93fb470e2d9e"}]


def test_a_connection_in_file_and_daemon() -> None:
    gw = by_name(reported()["connections"])["gw"]
    assert (gw["loaded"], gw["vici"], gw["established"]) == (True, True, True)
    assert (gw["file"], gw["line"], gw["owner"]) == ("/a.conf", 2, None)
    assert gw["file_settings"]["rekey_time"] == 3600
    assert gw["file_settings"]["mobike"] is False
    assert gw["file_settings"]["local"] == [
        {"name": "local", "auth": "psk", "id": "moon.example.org"}
    ]
    assert gw["daemon_settings"]["version"] == 2
    assert gw["daemon_settings"]["local"][0]["class"] == "pre-shared key"
    assert [child["name"] for child in gw["daemon_settings"]["children"]] == ["net", "two"]
    assert gw["file_settings"]["children"][1]["local_ts"] == ["10.1.1.0/24", "fd01::/64"]
    assert gw["differences"] == []


def test_the_owner_of_a_file() -> None:
    facts = reported(sources=Sources(files(file_header("site") + FILE)))
    assert {one["owner"] for one in facts["connections"]} == {"site"}


def test_an_sa() -> None:
    gw = by_name(reported()["ike_sas"])["gw"]
    net = by_name(gw["children"])["net"]
    assert (gw["age_seconds"], gw["established_at"]) == (175, "2026-11-24T02:57:05Z")
    assert (gw["rekey_seconds"], gw["rekey_at"]) == (2526, "2026-11-24T03:42:06Z")
    assert (net["mark_in"], net["mark_out"]) == ("0x2a/0xffffffff", "0x2a/0xff")
    assert (net["if_id_in"], net["spi_in"]) == (None, "0x7acc237d")
    assert (net["bytes_in"], net["idle_in_seconds"]) == (252, 0)
    assert net["expire_at"] == "2026-11-24T03:32:23Z"
    assert by_name(reported()["ike_sas"])["silent"]["established_at"] is None


def test_policies() -> None:
    assert [(one["connection"], one["child"], one["kind"]) for one in reported()["policies"]] == [
        ("gw", "two", "trap"),
        ("bycert", "shunt", "pass"),
        ("bycert", "dropped", "drop"),
    ]


def test_pools_and_leases() -> None:
    sources = Sources(files("pools { four { addrs = 10.3.0.0/28 } spare { addrs = 10.4.0.0/28 } }"))
    pools = by_name(reported(told(pools=recorded("get-pools")), sources=sources)["pools"])
    assert pools["four"]["file_settings"] == {"addrs": "10.3.0.0/28"}
    assert (pools["four"]["base"], pools["four"]["size"], pools["four"]["online"]) == (
        *("10.3.0.0", 14, 1),
    )
    assert pools["four"]["leases"] == [
        {"address": "10.3.0.1", "identity": "moon.example.org", "online": True}
    ]
    assert (pools["spare"]["loaded"], pools["spare"]["size"]) == (False, None)
    assert pools["six"]["problems"] == [
        "charon holds it, no file has it: a restart of charon ends it"
    ]


def test_secrets_and_what_is_no_name_of_charon() -> None:
    text = "secrets { ike-pair { id-1 = moon } private-key { file = k.pem\nsecret = hidden } }"
    secrets = by_name(reported(sources=Sources(files(text)))["secrets"])
    assert (secrets["pair"]["type"], secrets["pair"]["ids"]) == ("ike", ["moon"])
    assert secrets["pair"]["loaded"] is False
    assert (secrets["key"]["type"], secrets["key"]["loaded"]) == ("private", None)
    assert secrets["key"]["problems"] == []
    assert secrets["carol"]["section"] == "eap-carol"


def test_authorities() -> None:
    root = by_name(reported()["authorities"])["root"]
    assert root["file_settings"] == {"cacert": "ca.pem"}
    assert root["crl_uris"] == ["http://10.77.0.9/ca.crl"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("rekey_time = 1h", "rekey_time = 60m", None),
        (
            *("rekey_time = 1h", "rekey_time = 2h"),
            "rekey_time is 3600 in the daemon, 7200 in the file",
        ),
        ("version = 2", "version = 1", "version is 2 in the daemon, 1 in the file"),
        ("local_ts = 10.1.0.0/24", "local_ts = 10.1.0.7/24", None),
        ("local_ts = 10.1.0.0/24", "local_ts = 10.1.0.0/24[tcp/80]", None),
        ("local_ts = 10.1.0.0/24", "local_ts = 10.1.0.0-10.1.0.255", None),
        (
            *("local_ts = 10.1.0.0/24", "local_ts = 10.1.0.0/25"),
            "children.net.local_ts is 10.1.0.0/24 in the daemon, 10.1.0.0/25 in the file",
        ),
        ("mark_in = 42", "dpd_action = clear", None),
        (
            *("mark_in = 42", "dpd_action = hold"),
            None,  # an action that is none
        ),
        (
            *("mark_in = 42", "dpd_action = trap"),
            "children.net.dpd_action is none in the daemon, trap in the file",
        ),
        ("net {", "net : defaults {", None),
        ("gw {", "gw : defaults {", None),
        (
            *("remote_addrs = 10.77.0.2\n    rekey", "remote_addrs = 10.77.0.3\n    rekey"),
            "remote_addrs is 10.77.0.2 in the daemon, 10.77.0.3 in the file",
        ),
    ],
)
def test_differences(before: str, after: str, expected: str | None) -> None:
    assert before in FILE
    sources = Sources(files(FILE.replace(before, after, 1)))
    facts = reported(sources=sources, parts=set(SUBSETS) - {"ike_sas"})
    gw = by_name(facts["connections"])["gw"]
    assert gw["differences"] == ([expected] if expected else [])
    assert problems(facts) == [
        f"gw: charon holds another one than the file: {text}" for text in gw["differences"]
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        (
            *("local_ts = 10.1.0.0/24", "local_ts = 10.1.0.0/25"),
            "CHILD SA net #8: it does not have the present local_ts",
        ),
        (
            *("remote_addrs = 10.77.0.2\n    rekey", "remote_addrs = 10.77.0.3\n    rekey"),
            "IKE SA #1: it does not have the present remote_addrs",
        ),
    ],
)
def test_in_force_by_what_the_sas_show(before: str, after: str, expected: str) -> None:
    facts = reported(sources=Sources(files(FILE.replace(before, after, 1))))
    gw = by_name(facts["connections"])["gw"]
    assert (gw["in_force"], gw["in_force_reason"]) == (not expected, expected)
    told = f"gw: loaded, but not in force: {expected}"
    assert (told in problems(facts)) is bool(expected)


def test_in_force_by_what_is_noted_of_former_configurations() -> None:
    """charon does not tell an SA's dpd_delay: the IKE SA may have the former one."""
    former = Sources(files(FILE.replace("mobike = no", "mobike = no\n    dpd_delay = 20s", 1)))
    section = former.definitions("connections", ["gw"])["gw"][0].section
    noted = Noted({"gw": {IKE: (Former(section),)}}, now=1000.0)
    facts = report(Wanted(frozenset(SUBSETS)), Sources(files()), told(), NOW, noted)
    gw = by_name(facts["connections"])["gw"]
    assert gw["in_force"] is False
    assert gw["in_force_reason"] == (
        "IKE SA #1: dpd_delay changed while it was up, so it may have the former configuration"
    )


def test_in_force_is_null_without_the_sas_or_a_file() -> None:
    facts = reported(parts=set(SUBSETS) - {"ike_sas"})
    assert by_name(facts["connections"])["gw"]["in_force"] is None
    facts = reported(sources=Sources({}))
    assert by_name(facts["connections"])["gw"]["in_force"] is None


def test_a_child_that_is_on_one_side_only() -> None:
    facts = reported(sources=Sources(files(FILE.replace("two {", "three {"))))
    gw = by_name(facts["connections"])["gw"]
    assert gw["differences"] == ["child three is not in the daemon", "child two is not in the file"]


def test_a_child_that_should_be_up() -> None:
    facts = reported(told(ike_sas=(), policies=()))
    assert problems(facts) == [
        "bycert: child shunt: its pass policy is not installed",
        "bycert: child dropped: its drop policy is not installed",
        "gw: child net: start_action is start, no SA of it is installed",
        "gw: child two: start_action is trap, its trap is not installed",
    ]


def test_what_was_not_asked_for_is_no_problem() -> None:
    facts = reported(told(ike_sas=None, policies=None), parts=["connections"])
    assert facts["problems"] == []
    assert by_name(facts["connections"])["gw"]["established"] is None


def test_not_loaded() -> None:
    answers = told(connections=recorded("list-conns")[1:], over_vici=frozenset({"old", "bycert"}))
    facts = reported(answers)
    assert by_name(facts["connections"])["gw"]["daemon_settings"] is None
    assert facts["problems"][0] == {
        "kind": "connection",
        "name": "gw",
        "file": "/a.conf",
        "line": 2,
        "problem": "a file has it, charon does not hold it: swanctl --load-all says why it does"
        " not load",
    }


def test_loaded_without_a_file() -> None:
    facts = reported(sources=Sources(files("")), parts=["connections"])
    assert [one["name"] for one in facts["problems"]] == ["bycert", "gw", "old"]
    unread = reported(sources=Sources({}, complete=False), parts=["connections"])
    assert unread["problems"] == []
    broken = reported(sources=Sources(files("}")), parts=["connections"])
    assert [one["kind"] for one in broken["problems"]] == ["file"]


def test_a_connection_of_ipsec_conf() -> None:
    answers = told(over_vici=frozenset({"gw", "bycert"}))
    text = FILE.replace("  old {", "  new {")
    facts = reported(answers, sources=Sources(files(text)), parts=["connections"])
    old = by_name(facts["connections"])["old"]
    assert (old["loaded"], old["vici"], old["file"], old["problems"]) == (True, False, None, [])


def test_defined_twice() -> None:
    more = {"/b.conf": ConfigFile("/b.conf", "connections {\n gw { }\n}", 0o600)}
    facts = reported(sources=Sources({**files(), **more}), parts=["connections"])
    gw = by_name(facts["connections"])["gw"]
    assert (gw["file"], gw["line"]) == ("/b.conf", 2)
    assert "it is defined more than once, also in file /a.conf, line 2" in gw["problems"]


def test_a_file_that_cannot_be_parsed() -> None:
    broken = {"/b.conf": ConfigFile("/b.conf", "connections {\n bad bad\n}", 0o600)}
    facts = reported(sources=Sources({**files(), **broken}))
    assert [(one["kind"], one["file"], one["line"]) for one in facts["problems"][:1]] == [
        ("file", "/b.conf", 2)
    ]
    assert "swanctl loads none of its files" in facts["problems"][0]["problem"]


def test_secrets_that_others_may_read() -> None:
    facts = reported(sources=Sources(files(mode=0o644)))
    assert problems(facts) == ["/a.conf: it holds secrets, and others may read it: mode 0644"]


def test_certificates_that_end() -> None:
    facts = reported()
    assert [(one["kind"], one["problem"]) for one in facts["problems"]] == [
        (
            "certificate",
            "the list of revoked certificates is not valid from 2026-12-04T02:47:53Z on, in 9 days",
        )
    ]


def test_a_daemon_that_does_not_run() -> None:
    facts = reported(NOTHING, sources=Sources(files(), running=False))
    assert (facts["running"], facts["daemon"], facts["ike_sas"]) == (False, None, [])
    assert {one["loaded"] for one in facts["connections"]} == {False}
    assert [(one["kind"], one["problem"]) for one in facts["problems"]] == [
        ("daemon", "charon is not running")
    ]


def test_a_daemon_that_may_not_be_asked() -> None:
    facts = reported(Told(), sources=Sources(files(), running=None))
    assert (facts["running"], facts["ike_sas"], facts["certificates"]) == (None, None, None)
    assert {one["loaded"] for one in facts["connections"]} == {None}
    assert facts["problems"] == []


def test_one_connection() -> None:
    connections = [event for event in recorded("list-conns") if "gw" in event]
    facts = reported(told(connections=connections), names=["gw", "none"], parts=["connections"])
    assert [one["name"] for one in facts["connections"]] == ["gw"]
    assert facts["problems"] == []
