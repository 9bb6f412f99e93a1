# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""strongswan_conn against a real charon: create, change, repair, remove; swanctl is the witness."""

from __future__ import annotations

import copy
import stat
import typing as t

from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]
MODULE = "strongswan_conn"
FILE = daemon.FOLDER / "connection-sun.conf"

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBjjCCATOgAwIBAgIUCHW7wGl9MwfVPD8sjkvBKobvEoQwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQbW9vbi5leGFtcGxlLm9yZzAgFw0yNjExMjMxMzA2NDZaGA8y
MTI2MTAzMDEzMDY0NlowGzEZMBcGA1UEAwwQbW9vbi5leGFtcGxlLm9yZzBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABEA8sEh0dU1VdXoqBHQ62zOQWGfg7yOMnl8J
toTMVbnKu4o2hLIlhiFNuaVeS9b7bRaQELJZFgO2isKLQJCSxMujUzBRMB0GA1Ud
DgQWBBSGf332EcL4zUEx/ziIOzAojd97bTAfBgNVHSMEGDAWgBSGf332EcL4zUEx
/ziIOzAojd97bTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCE
57agTxCHm9kXTE71pIh2LnqAOVBUb8agdG9h1XB6WwIhANA76MT8+ygZ/oyqWgRh
RX31mSmnts6gBsVxJkb9bv62
-----END CERTIFICATE-----
"""


def actions(result: Options) -> list[tuple[str, str]]:
    """Return what was done to which object."""
    return [(one["action"], one["object"]) for one in result["actions"]]


def small(name: str, **options: t.Any) -> Options:
    """Return a connection with one child of the same name."""
    return {"name": name, "remote_addrs": ["192.0.2.9"], "children": [{"name": name}], **options}


def test_create(sun: Options) -> None:
    process = daemon.pid()
    result = changed(MODULE, **sun)
    assert actions(result) == [("create", "connection sun")]
    assert stat.S_IMODE(FILE.stat().st_mode) == 0o600
    assert FILE.stat().st_uid == 0
    assert "ipsec.strongswan:default;" in FILE.read_text().splitlines()[0]
    told = daemon.connections()["sun"]
    for word in ("192.0.2.1", "192.0.2.2", "id: moon.example.org", "id: sun.example.org"):
        assert word in told
    assert "sun-net: TUNNEL" in told
    assert "remote: 10.2.0.0/16 fd02::/64" in told
    assert daemon.pid() == process
    assert list(daemon.FOLDER.glob(".ansible*")) == []


def test_swanctl_loads_the_file_as_we_do(sun: Options) -> None:
    options = {**sun, "encap": True, "mobike": False, "unique": "replace", "fragmentation": "no"}
    changed(MODULE, **options, pools=["one", "two"], proposals=["aes256-sha256-modp2048"])
    start = daemon.cursor()
    daemon.load_files()
    log = daemon.journal(start)
    assert "updated vici connection: sun" in log  # charon's word for: the same but for children
    assert "replaced vici connection" not in log


def test_change(sun: Options) -> None:
    changed(MODULE, **sun)
    changed(MODULE, **small("other"))
    start = daemon.cursor()
    result = changed(MODULE, **sun, dpd_delay="1m")
    assert result["actions"][0]["reason"] == "dpd_delay is not set, wanted 1m"
    assert "+dpd_delay" not in result["diff"][0]["before"]
    assert "dpd_delay: 1m\n" in result["diff"][0]["after"]
    assert "dpd delay 60s" in daemon.connections()["sun"]
    log = daemon.journal(start)
    assert "replaced vici connection: sun" in log
    assert "vici connection: other" not in log  # only what changed was loaded


def test_change_of_a_child(sun: Options) -> None:
    changed(MODULE, **sun)
    other = copy.deepcopy(sun)
    other["children"][0].update(remote_ts=["10.3.0.0/16"], mark_in="43")
    result = changed(MODULE, **other)
    assert result["actions"][0]["reason"] == (
        "children.sun-net.remote_ts is 10.2.0.0/16, fd02::/64, wanted 10.3.0.0/16;"
        " children.sun-net.mark_in is 42, wanted 43"
    )
    assert "remote: 10.3.0.0/16" in daemon.connections()["sun"]


def test_the_same_value_in_another_notation(sun: Options) -> None:
    changed(MODULE, **sun, rekey_time="1h")
    unchanged(MODULE, **sun, rekey_time="3600")


def test_check_mode_changes_nothing(sun: Options) -> None:
    result = run_module(MODULE, check=True, **sun)
    assert result["changed"]
    assert not FILE.exists()
    assert daemon.connections() == {}


def test_absent(sun: Options) -> None:
    changed(MODULE, **sun)
    result = changed(MODULE, name="sun", state="absent")
    assert actions(result) == [("remove", "connection sun")]
    assert not FILE.exists()
    assert daemon.connections() == {}
    assert result["diff"][0]["after"] == ""


def test_absent_in_the_daemon_only() -> None:
    daemon.write("by-hand.conf", "connections { sun { } }\n")
    daemon.load_files()
    (daemon.FOLDER / "by-hand.conf").unlink()
    changed(MODULE, name="sun", state="absent")
    assert daemon.connections() == {}


def test_list_and_purge_with_two_owners(sun: Options) -> None:
    changed(MODULE, connections=[small("a"), small("b")], owner="one")
    changed(MODULE, connections=[small("c")], owner="two")
    by_hand = daemon.write("by-hand.conf", "connections { d { } }\n")
    daemon.load_files()
    result = changed(MODULE, connections=[small("b"), sun], owner="one", purge=True)
    assert actions(result) == [("create", "connection sun"), ("remove", "connection a")]
    assert set(daemon.connections()) == {"b", "c", "d", "sun"}
    assert by_hand.exists()
    changed(MODULE, connections=[], owner="one", purge=True)
    assert set(daemon.connections()) == {"c", "d"}


def test_entries_inherit_from_the_top_level() -> None:
    changed(MODULE, dpd_delay="30s", connections=[small("a"), small("b", dpd_delay="40s")])
    told = daemon.connections()
    assert "dpd delay 30s" in told["a"]
    assert "dpd delay 40s" in told["b"]


def test_child_moves_to_another_connection() -> None:
    changed(MODULE, connections=[small("a")], purge=True)
    moved = {"name": "b", "children": [{"name": "a"}]}
    changed(MODULE, connections=[moved], purge=True)
    assert set(daemon.connections()) == {"b"}


def test_another_owner(sun: Options) -> None:
    changed(MODULE, **sun, owner="one")
    before = FILE.read_bytes()
    message = refused(MODULE, **sun, owner="two", encap=True)
    assert "connection sun" in message
    assert "owner 'one'" in message
    message = refused(MODULE, name="sun", state="absent", owner="two")
    assert "adopt: true" in message
    assert FILE.read_bytes() == before
    result = changed(MODULE, **sun, owner="two", encap=True, adopt=True)
    assert ("adopt", "connection sun") in actions(result)


def test_adopt_what_is_the_same_already(sun: Options) -> None:
    changed(MODULE, **sun)
    text = FILE.read_text().split("\n", 1)[1]
    FILE.write_text("# by hand\n" + text)
    start = daemon.cursor()
    result = changed(MODULE, **sun)
    assert actions(result) == [("adopt", "connection sun")]
    assert "vici connection" not in daemon.journal(start)  # nothing to load


def test_adopt_by_hand(sun: Options) -> None:
    daemon.write(FILE.name, "connections { sun { version = 1 } }\n")
    message = refused(MODULE, **sun)
    assert "version is 1, wanted 2" in message
    changed(MODULE, **sun, adopt=True)


def test_mode_is_repaired(sun: Options) -> None:
    changed(MODULE, **sun)
    FILE.chmod(0o644)
    result = changed(MODULE, **sun)
    assert result["actions"][0]["reason"] == "the file's mode is 0644, wanted 0600"
    assert stat.S_IMODE(FILE.stat().st_mode) == 0o600


def test_broken_file_of_ours_is_repaired(sun: Options) -> None:
    changed(MODULE, **sun)
    FILE.write_text(FILE.read_text().replace("}", "", 1))
    result = changed(MODULE, **sun)
    assert "cannot be parsed, line" in result["actions"][0]["reason"]


def test_restart_keeps_all(sun: Options) -> None:
    changed(MODULE, **sun)
    daemon.restart()
    unchanged(MODULE, **sun)
    assert set(daemon.connections()) == {"sun"}


def test_what_the_daemon_lacks_is_loaded(sun: Options) -> None:
    changed(MODULE, connections=[sun, small("other")])
    daemon.forget()
    before = FILE.stat().st_mtime_ns
    result = changed(MODULE, **sun)
    assert result["actions"] == [
        {"action": "load", "object": "connection sun", "reason": "not loaded in the daemon"}
    ]
    assert set(daemon.connections()) == {"sun"}
    assert FILE.stat().st_mtime_ns == before


def test_refused_connection_leaves_the_former_one(sun: Options) -> None:
    changed(MODULE, **sun, dpd_delay="30s")
    before = FILE.read_bytes()
    message = refused(MODULE, **sun, proposals=["nosuch"])
    assert "connection sun" in message
    assert "invalid value for: proposals, config discarded" in message  # charon's own words
    assert FILE.read_bytes() == before
    assert "dpd delay 30s" in daemon.connections()["sun"]
    unchanged(MODULE, **sun, dpd_delay="30s")


def test_refused_connection_that_is_new(sun: Options) -> None:
    refused(MODULE, **sun, proposals=["nosuch"])
    assert not FILE.exists()
    assert daemon.connections() == {}


def test_refusal_takes_back_the_rest_of_the_list(sun: Options) -> None:
    changed(MODULE, connections=[sun, small("gone")])
    before = FILE.read_bytes()
    listed = [
        {**sun, "dpd_delay": "30s"},
        small("new"),
        small("bad", proposals=["nosuch"]),
    ]
    message = refused(MODULE, connections=listed, purge=True)
    assert "connection bad" in message
    assert FILE.read_bytes() == before
    assert sorted(path.name for path in daemon.FOLDER.glob("*.conf")) == [
        "connection-gone.conf",
        "connection-sun.conf",
    ]
    assert set(daemon.connections()) == {"sun", "gone"}
    assert "dpd delay" not in daemon.connections()["sun"]


def test_certificate(sun: Options) -> None:
    local = [{"auth": "pubkey", "certs": ["moon.pem"]}]
    options = {**sun, "local": local}
    path = daemon.SWANCTL / "x509/moon.pem"
    message = refused(MODULE, **options)
    assert str(path) in message
    assert run_module(MODULE, check=True, **options)["changed"]
    path.write_text(CERTIFICATE)
    try:
        changed(MODULE, **options)
        assert "CN=moon.example.org" in daemon.connections()["sun"]
    finally:
        path.unlink()
