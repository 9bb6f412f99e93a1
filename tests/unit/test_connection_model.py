# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections as the user wants them: options to sections of swanctl.conf."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    check_connections,
    connection_result,
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import connection as spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import argument_spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import keys
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import flatten

PRESENT: dict[str, t.Any] = {"name": "gw", "state": "present"}

RENDERED: dict[str, tuple[dict[str, t.Any], dict[str, str]]] = {
    "nothing": ({}, {}),
    "version": ({"version": 2}, {"version": "2"}),
    "version 0": ({"version": 0}, {"version": "0"}),
    "list": ({"remote_addrs": ["192.0.2.1", "%any"]}, {"remote_addrs": "192.0.2.1, %any"}),
    "empty list": ({"pools": []}, {}),
    "yes": ({"mobike": True}, {"mobike": "yes"}),
    "no": ({"encap": False}, {"encap": "no"}),
    "time": ({"rekey_time": "4h"}, {"rekey_time": "4h"}),
    "port": ({"local_port": 4500}, {"local_port": "4500"}),
    "choice": ({"unique": "replace"}, {"unique": "replace"}),
    "one round": (
        {"local": [{"auth": "psk", "id": "moon"}]},
        {"local.auth": "psk", "local.id": "moon"},
    ),
    "two rounds": (
        {"remote": [{"auth": "pubkey"}, {"auth": "eap", "eap_id": "x"}]},
        {
            "remote-1.auth": "pubkey",
            "remote-1.round": "1",
            "remote-2.auth": "eap",
            "remote-2.eap_id": "x",
            "remote-2.round": "2",
        },
    ),
    "numbered rounds": (
        {"local": [{"round": 2}, {"round": 1}]},
        {"local-1.round": "2", "local-2.round": "1"},
    ),
    "child": (
        {"children": [{"name": "net", "mark_in": "42", "copy_df": False}]},
        {"children.net.mark_in": "42", "children.net.copy_df": "no"},
    ),
    "other settings": (
        {"settings": {"pull": False, "dscp": "101110"}, "encap": True},
        {"encap": "yes", "pull": "no", "dscp": "101110"},
    ),
    "other settings of a child": (
        {"children": [{"name": "net", "settings": {"tfc_padding": "mtu", "rekey_packets": 9}}]},
        {"children.net.tfc_padding": "mtu", "children.net.rekey_packets": "9"},
    ),
    "other settings of a round": (
        {"remote": [{"settings": {"cert_policy": ["1.2.3", "1.2.4"]}}]},
        {"remote.cert_policy": "1.2.3, 1.2.4"},
    ),
    "a list as a text": (
        {"remote": [{"settings": {"cert_policy": "1.2.3,1.2.4"}}]},
        {"remote.cert_policy": "1.2.3, 1.2.4"},
    ),
    "certificate on a token": (
        {"local": [{"settings": {"cert-token": {"handle": "ab01", "slot": 1}}}]},
        {"local.cert-token.handle": "ab01", "local.cert-token.slot": "1"},
    ),
    "no other setting": ({"settings": {"pull": None}}, {}),
    "bare child": ({"children": [{"name": "net"}]}, {"children.net": "without settings"}),
}


@pytest.mark.parametrize(("options", "settings"), RENDERED.values(), ids=RENDERED)
def test_rendered(options: dict[str, t.Any], settings: dict[str, str]) -> None:
    assert flatten(parse_connection({**PRESENT, **options}).section) == settings


WRONG: dict[str, tuple[dict[str, t.Any], str]] = {
    "name": ({"name": "a b"}, "connection 'a b': expected a name"),
    "dotted name": ({"name": "a.b"}, "connection 'a.b'"),
    "include": ({"name": "include"}, "connection 'include'"),
    "port": ({"remote_port": 0}, "connection gw: remote_port '0': expected 1 to 65535"),
    "choice": ({"unique": "maybe"}, "unique 'maybe': expected one of never, no, replace, keep"),
    "version": ({"version": 3}, "version '3': expected one of 0, 1, 2"),
    "comma": ({"pools": ["a,b"]}, "pools 'a,b': a comma separates items"),
    "time": ({"dpd_delay": "soon"}, "dpd_delay 'soon': expected a time"),
    "certs": ({"local": [{"auth": "psk", "certs": ["a"]}]}, "local: certs goes with certificates"),
    "eap_id": ({"remote": [{"eap_id": "a"}]}, "remote: eap_id goes with EAP, and auth is pubkey"),
    "child": ({"children": [{"name": "n", "mark_in": "0"}]}, "child n: mark_in '0': mark 0 is no"),
    "xauth_id": ({"local": [{"xauth_id": "a"}]}, "local: xauth_id goes with XAuth"),
    "pubkeys": ({"local": [{"auth": "psk", "pubkeys": ["a"]}]}, "pubkeys goes with certificates"),
    "mediation": ({"settings": {"mediated_by": "x"}}, "mediated_by needs mediation_peer"),
    "unknown word": (
        {"children": [{"name": "n", "settings": {"tfc_pading": 1}}]},
        "child n: settings: 'tfc_pading' is no keyword of a child in swanctl.conf; did you mean 'tfc",
    ),
    "unknown word like nothing": (
        {"settings": {"xyz": 1}},
        "connection gw: settings: 'xyz' is no keyword of a connection in swanctl.conf; swanctl.conf",
    ),
    "word of another section": (
        {"settings": {"updown": "x"}},
        "settings: 'updown' is no keyword of a connection in swanctl.conf; it is one of a child",
    ),
    "option in settings": (
        {"settings": {"mobike": True}},
        "connection gw: settings: mobike has an option of its own; give it there",
    ),
    "switch in settings": ({"settings": {"pull": "maybe"}}, "pull 'maybe': expected yes or no"),
    "word in settings": ({"settings": {"childless": "x"}}, "expected one of allow, prefer, force"),
    "number in settings": ({"children": [{"name": "n", "settings": {"priority": -1}}]}, "priority"),
    "dscp in settings": ({"settings": {"dscp": 1}}, "dscp '1': expected six binary digits"),
    "list in settings": ({"settings": {"pull": ["no"]}}, "settings: pull '['no']': expected one"),
    "section in settings": (
        {"settings": {"cert": {"file": "/a"}}},
        "'cert' is no keyword of a con",
    ),
    "certificate": (
        {"local": [{"settings": {"cert": {"file": "/a", "handle": "ab"}}}]},
        "local: settings: cert: expected either file or handle",
    ),
    "no cacert at local": ({"local": [{"settings": {"cacert": {"file": "/a"}}}]}, "'cacert' is no"),
    "long value": ({"mediation": "", "local": [{"id": "x" * 70000}]}, "at most 65535 bytes"),
    "long time": ({"rekey_time": "100000d"}, "expected at most 4294967295 seconds"),
    "no child name": ({"children": [{}]}, "connection gw: child '': expected a name"),
    "child twice": ({"children": [{"name": "n"}, {"name": "n"}]}, "child 'n' is there twice"),
    "round twice": ({"local": [{"round": 2}, {}]}, "local round 2: round 2 is there twice"),
}


@pytest.mark.parametrize(("options", "words"), WRONG.values(), ids=WRONG)
def test_wrong(options: dict[str, t.Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_connection({**PRESENT, **options})
    assert words in str(caught.value)


def test_absent_needs_the_name_alone() -> None:
    wanted = parse_connection({"name": "gw", "state": "absent", "mobike": True, "version": 9})
    assert not wanted.present
    assert connection_result(wanted) == {"name": "gw", "state": "absent"}


def test_result() -> None:
    wanted = parse_connection(
        {**PRESENT, "remote_addrs": ["a", "b"], "local": [{"id": "C=DE, CN=x"}], "encap": True}
    )
    assert connection_result(wanted) == {
        "name": "gw",
        "state": "present",
        "remote_addrs": ["a", "b"],
        "encap": "yes",
        "local": {"id": "C=DE, CN=x"},
    }


def test_names_are_unique() -> None:
    one = parse_connection({**PRESENT, "children": [{"name": "net"}]})
    two = parse_connection({**PRESENT, "name": "other", "children": [{"name": "net"}]})
    check_connections([one])
    with pytest.raises(InputError, match="connection gw: it is in the list twice"):
        check_connections([one, one])
    with pytest.raises(InputError, match=r"connection other: its child 'net'.*connection gw"):
        check_connections([one, two])


TABLES = {
    "connection": keys.CONNECTION,
    "local": keys.LOCAL,
    "remote": keys.REMOTE,
    "child": keys.CHILD,
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_row_is_an_option(table: tuple[keys.Key, ...]) -> None:
    assert len({key.name for key in table}) == len(table)
    for key in table:
        field = spec.field_of(key)
        assert field.name == key.name
        assert (field.type == "list") == key.kind.many
        assert field.choices == (key.choices or None)


def test_only_the_version_has_a_default() -> None:
    made = argument_spec(spec.LIST, spec.FIELDS, spec.CALL)
    own = {field.name for field in spec.CALL} | {"state"}
    assert [name for name in made if "default" in made[name] and name not in own] == ["version"]
    assert all("default" not in one for one in made["children"]["options"].values())


PATHS = {
    ("connections", "gw"): keys.CONNECTION,
    ("connections", "gw", "local"): keys.LOCAL,
    ("connections", "gw", "local-2"): keys.LOCAL,
    ("connections", "gw", "remote-x"): keys.REMOTE,
    ("connections", "gw", "children", "net"): keys.CHILD,
}


@pytest.mark.parametrize(("path", "table"), PATHS.items())
def test_tables_of_sections(path: tuple[str, ...], table: tuple[keys.Key, ...]) -> None:
    assert tuple(key for key in keys.table_of(path).values() if key.option) == table


@pytest.mark.parametrize(
    "path", [(), ("connections",), ("secrets", "ike-a"), ("connections", "gw", "children")]
)
def test_no_table(path: tuple[str, ...]) -> None:
    assert keys.table_of(path) == {}
