# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every keyword of a connection against a real charon: set, the same, changed, removed.

Each keyword has a connection of its own, and all are in one call: a hundred calls would take long
on an emulated machine.
"""

from __future__ import annotations

import copy
import re
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import keys
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import parse
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.versions import (
    parse_version,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon.recorder import Recorder
from ansible_collections.ipsec.strongswan.tests.charon.test_connection import CERTIFICATE
from ansible_collections.ipsec.strongswan.tests.charon.test_examples import PUBLIC_KEY
from ansible_collections.ipsec.strongswan.tests.charon.test_swanctl_reads import encoded, swanctl
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]
MODULE = "strongswan_conn"
FILES = {
    "x509/a.pem": CERTIFICATE,
    "x509/b.pem": CERTIFICATE,
    "x509ca/a.pem": CERTIFICATE,
    "x509ca/b.pem": CERTIFICATE,
    "pubkey/a.pem": PUBLIC_KEY,
    "pubkey/b.pem": PUBLIC_KEY,
}
PEM = str(daemon.SWANCTL / "x509/a.pem")
HEX = f"0x{CERTIFICATE.encode().hex()}"

SWITCH = (True, False)
# Of each keyword: a value, another value, and what else means the first one, if there is more.
VALUES: dict[str, dict[str, tuple[t.Any, ...]]] = {
    "connection": {
        "version": (1, 2),
        "local_addrs": (["192.0.2.1"], ["%any", "moon.example.org"]),
        "remote_addrs": (["192.0.2.2", "192.0.2.0/24"], ["2001:db8::1-2001:db8::9"]),
        "local_port": (500, 4500),
        "remote_port": (500, 4500),
        "proposals": (["aes256-sha256-modp2048"], ["default"]),
        "vips": (["0.0.0.0", "::"], ["10.3.0.1"]),
        "pools": (["one", "two"], ["one"]),
        "mobike": SWITCH,
        "encap": SWITCH,
        "fragmentation": ("force", "no"),
        "send_cert": ("always", "never"),
        "dpd_delay": ("1m", "2m", "60"),
        "dpd_timeout": ("2m", "3m", "120s"),
        "rekey_time": ("4h", "5h", "14400"),
        "reauth_time": ("1d", "2d", "24h"),
        "over_time": ("10m", "20m", "600"),
        "rand_time": ("10m", "0", "600s"),
        "keyingtries": (0, 3),
        "unique": ("replace", "keep"),
        "if_id_in": ("42", "%unique", "0x2a"),
        "if_id_out": ("42", "%unique-dir", "0x2a"),
        "aggressive": SWITCH,
        "pull": SWITCH,
        "dscp": ("101110", "000000"),
        "childless": ("force", "never"),
        "send_certreq": (False, True, "no"),
        "ocsp": ("both", "never"),
        "ppk_id": ("one", "two"),
        "ppk_required": SWITCH,
        "mediation": (True, False),
        "mediated_by": ("one", "two"),
        "mediation_peer": ("one", "two"),
    },
    "local": {
        "round": (1, 2),
        "auth": ("psk", "pubkey-sha256"),
        "id": ("moon.example.org", "C=DE, CN=moon"),
        "certs": (["a.pem"], [HEX]),
        "pubkeys": (["a.pem"], ["b.pem"]),
        "eap_id": ("alice", "bob"),
        "aaa_id": ("radius", "other"),
        "xauth_id": ("alice", "bob"),
    },
    "remote": {
        "round": (1, 2),
        "auth": ("psk", "eap-mschapv2"),
        "id": ("sun.example.org", "%any"),
        "certs": (["a.pem"], ["b.pem"]),
        "pubkeys": (["a.pem"], ["b.pem"]),
        "cacerts": (["a.pem"], ["b.pem"]),
        "ca_id": ("C=DE, CN=one", "C=DE, CN=two"),
        "eap_id": ("%any", "alice"),
        "groups": (["one", "two"], ["one"]),
        "revocation": ("strict", "ifuri"),
        "cert_policy": (["1.2.3", "1.2.4"], ["1.2.3"], "1.2.3,1.2.4"),
    },
    "child": {
        "local_ts": (["10.1.0.0/16", "dynamic"], ["0.0.0.0/0"]),
        "remote_ts": (["10.2.0.0/16[6/443]"], ["::/0"]),
        "mode": ("transport", "beet"),
        "esp_proposals": (["aes256gcm16-x25519"], ["default"]),
        "ah_proposals": (["sha256"], ["sha384"]),
        "mark_in": ("42", "%unique", "0x2a/0xffffffff"),
        "mark_in_sa": SWITCH,
        "mark_out": ("42/0xff", "43", "0x2a/255"),
        "set_mark_in": ("%same", "7"),
        "set_mark_out": ("7", "%same", "0x7"),
        "if_id_in": ("42", "%unique", "0x2a"),
        "if_id_out": ("42", "%unique", "0x2a"),
        "reqid": (7, 8),
        "rekey_time": ("1h", "2h", "3600"),
        "life_time": ("70m", "80m", "4200s"),
        "rand_time": ("5m", "0", "300"),
        "rekey_bytes": ("500M", "1G", "524288000"),
        "life_bytes": ("1g", "2g", "1024M"),
        "start_action": ("trap", "none"),
        "close_action": ("trap", "start"),
        "dpd_action": ("trap", "restart"),
        "inactivity": ("1h", "2h", "60m"),
        "updown": ('/bin/true "a # b"', "/bin/false"),
        "hostaccess": SWITCH,
        "policies": SWITCH,
        "replay_window": (128, 0),
        "copy_df": SWITCH,
        "hw_offload": ("auto", "no"),
        "rand_bytes": ("1M", "2M", "1024k"),
        "rekey_packets": (1000, 2000, "0x3e8"),
        "life_packets": (1000, 2000),
        "rand_packets": (10, 0),
        "ipcomp": SWITCH,
        "tfc_padding": ("mtu", 1400),
        "priority": (100, 200),
        "interface": ("eth0", "eth1"),
        "policies_fwd_out": SWITCH,
        "sha256_96": SWITCH,
        "copy_ecn": SWITCH,
        "copy_dscp": ("in", False),
        "label": ("one", "two"),
        "label_mode": ("simple", "system"),
        "per_cpu_sas": (True, "encap"),
        "icmp": SWITCH,
    },
    "certificate": {
        "file": (PEM, str(daemon.SWANCTL / "x509/b.pem")),
    },
}
# What has to be there beside a keyword.
BESIDE: dict[str, Options] = {
    "eap_id": {"auth": "eap"},
    "aaa_id": {"auth": "eap-tls"},
    "xauth_id": {"auth": "xauth"},
}
TOKEN = {"handle", "slot", "module"}  # these need a token in the machine


@pytest.fixture(autouse=True)
def _files() -> t.Iterator[None]:
    for name, text in FILES.items():
        (daemon.SWANCTL / name).write_text(text)
    yield
    for name in FILES:
        (daemon.SWANCTL / name).unlink()


def connection(kind: str, key: keys.Key, *value: t.Any) -> Options:
    """Return a connection with this keyword, or without it if there is no value."""
    name = f"{kind}-{key.name}"
    given = {key.name: value[0]} if value else {}
    section: Options = dict(given) if key.option else {"settings": given}
    if key.name == "mediated_by":
        section = {"settings": {"mediation_peer": "far", **given}}
    if kind == "connection":
        return {"name": name, "children": [{"name": name}], **section}
    if kind == "child":
        return {"name": name, "children": [{"name": name, **section}]}
    if kind == "certificate":
        section = {"settings": {"cert-x": given}} if given else {}
    side = kind if kind in ("local", "remote") else "local"
    return {"name": name, side: [{**BESIDE.get(key.name, {}), **section}]}


def known(version: str) -> list[tuple[str, keys.Key]]:
    """Return the keywords that charon of this version knows, each with the kind of its section."""
    return [
        (kind, key)
        for kind, table in keys.TABLES.items()
        for key in table.values()
        if not _newer(key, version) and key.name not in TOKEN
    ]


def _newer(key: keys.Key, version: str) -> bool:
    return (parse_version(key.since) or ()) > (parse_version(version) or ())


def running() -> list[tuple[str, keys.Key]]:
    """Return the keywords that the running charon knows."""
    with daemon.client() as client:
        return known(charon.daemon_version(client))


def test_all_keywords_have_values() -> None:
    named = {(kind, name) for kind, values in VALUES.items() for name in values}
    assert named == {(kind, key.name) for kind, key in known("99.0")}


COMMENTED = re.compile(r"^\s*# ?(\S+ (?:=.*|\{)|\})$", re.MULTILINE)


def test_the_table_is_that_of_the_installed_strongswan() -> None:
    """strongSwan's swanctl.conf has all keywords of its version in comments."""
    text = "\n".join(COMMENTED.findall((daemon.SWANCTL / "swanctl.conf").read_text()))
    shipped = set(_keywords(parse(text), ()))
    with daemon.client() as client:
        ours = {
            (kind, key.name)
            for kind, table in keys.TABLES.items()
            for key in table.values()
            if not _newer(key, charon.daemon_version(client))
        }
    assert ours == shipped


def _keywords(section: Section, path: tuple[str, ...]) -> t.Iterator[tuple[str, str]]:
    kind = keys.kind_of(path)
    if kind:
        words = (*section.settings, *section.unset)
        yield from ((kind, name) for name in words if "<" not in name)  # cert<suffix> is a section
    for name, inner in section.sections.items():
        yield from _keywords(inner, (*path, name))


def test_every_keyword() -> None:
    found = running()
    values = {kind: copy.deepcopy(VALUES[kind]) for kind in VALUES}
    names = {f"connection {kind}-{key.name}" for kind, key in found}
    first = [connection(kind, key, values[kind][key.name][0]) for kind, key in found]
    second = [connection(kind, key, values[kind][key.name][1]) for kind, key in found]
    also = [
        connection(kind, key, values[kind][key.name][2])
        for kind, key in found
        if len(values[kind][key.name]) > 2
    ]
    without = [connection(kind, key) for kind, key in found]

    created = changed(MODULE, connections=first)
    assert {one["object"] for one in created["actions"]} == names
    assert {one["action"] for one in created["actions"]} == {"create"}
    assert set(daemon.connections()) == {one["name"] for one in first}
    unchanged(MODULE, connections=also)

    altered = changed(MODULE, connections=second)
    assert {one["object"] for one in altered["actions"]} == names
    reasons = {one["object"]: one["reason"] for one in altered["actions"]}
    for kind, key in found:
        assert f"{key.name} is " in reasons[f"connection {kind}-{key.name}"]

    removed = changed(MODULE, connections=without)
    assert {one["object"] for one in removed["actions"]} == names - {
        "connection connection-version"
    }
    for one, (kind, key) in zip(removed["diff"], found[1:], strict=True):
        assert f"connection {kind}-{key.name} " in one["before_header"]
        line = re.compile(rf"^(\S+\.)?{key.name}: ", re.MULTILINE)
        assert line.search(one["before"])
        assert not line.search(one["after"])

    gone = [{"name": one["name"], "state": "absent"} for one in first]
    assert {one["object"] for one in changed(MODULE, connections=gone)["actions"]} == names
    assert daemon.connections() == {}


def test_charon_gets_what_swanctl_sends(tmp_path: Path) -> None:
    main = tmp_path / "swanctl.conf"
    main.write_text("include conf.d/*.conf\n")
    (tmp_path / "conf.d").mkdir()
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    listed = [connection(kind, key, VALUES[kind][key.name][0]) for kind, key in running()]
    recorder = Recorder(tmp_path / "vici")
    try:
        where: Options = {"directory": f"{tmp_path}/conf.d", "socket": str(recorder.path)}
        result = run_module(MODULE, connections=listed, **where)
        assert not result.get("failed"), result["msg"]
        ours = recorder.loaded()
        assert len(ours) == len(listed)
        assert ours == encoded(swanctl(main, recorder))
    finally:
        recorder.close()
