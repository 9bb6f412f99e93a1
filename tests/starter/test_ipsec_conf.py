# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""strongswan_ipsec_conf against a real starter and charon; C(ipsec) itself is the witness."""

from __future__ import annotations

import json
import stat
import typing as t
from pathlib import Path

from ansible_collections.ipsec.strongswan.tests.starter import host
from ansible_collections.ipsec.strongswan.tests.support import examples, shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]
MODULE = "strongswan_ipsec_conf"
CONF = host.FOLDER / "vpngw.conf"
SECRETS = host.FOLDER / "vpngw.secrets"


def actions(result: Options) -> list[tuple[str, str]]:
    """Return what was done to which object."""
    return [(one["action"], one["object"]) for one in result["actions"]]


def small(name: str, **options: t.Any) -> Options:
    """Return a connection."""
    return {"name": name, "right": "192.0.2.9", "rightid": name, "auto": "add", **options}


def test_the_seed(seed: Options) -> None:
    processes, start = host.pids(), host.cursor()
    result = changed(MODULE, **seed)
    assert actions(result) == [
        ("change", "file /etc/ipsec.conf"),
        ("change", "file /etc/ipsec.secrets"),
        ("create", "connection vpngw"),
    ]
    for path in (CONF, SECRETS):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "ipsec.strongswan:default;" in path.read_text().splitlines()[0]
    assert host.CONFIG.read_text().startswith(host.TEXTS[host.CONFIG])
    told = host.status()
    for word in ("%any...192.0.2.11", "[rw] uses pre-shared key", "=== 0.0.0.0/0 ::/0 TUNNEL"):
        assert word in told
    assert "vpngw{1}:  ROUTED" in told
    log = host.journal(start)
    assert "loaded IKE secret for rw gw" in log
    assert "'by-hand'" not in log  # only what is new was loaded
    result = changed(MODULE, name="vpngw", state="absent")
    assert actions(result) == [("remove", "connection vpngw")]
    assert host.loaded() == {"by-hand"}
    assert "ROUTED" not in host.status()
    assert not CONF.exists()
    assert not SECRETS.exists()
    assert f"include {host.FOLDER}/*.conf" in host.CONFIG.read_text()
    assert host.pids() == processes


def test_only_what_changed_is_loaded(seed: Options) -> None:
    changed(MODULE, connections=[seed, small("a"), small("b")])
    start = host.cursor()
    result = changed(MODULE, connections=[seed, small("a", rightid="other"), small("b")])
    assert result["actions"][0]["reason"] == "rightid is a, wanted other"
    log = host.journal(start)
    assert "deleted connection 'a'" in log
    assert "added configuration 'a'" in log
    for name in ("vpngw", "b", "by-hand"):
        assert f"'{name}'" not in log
    assert "loaded IKE secret" not in log  # no secret changed, so none were read
    assert "[other]" in host.status()


def test_secret(seed: Options) -> None:
    changed(MODULE, **seed)
    start = host.cursor()
    seed["secrets"][0]["secret"] = "0x" + "ab" * 20
    result = changed(MODULE, **seed)
    assert result["actions"][0]["reason"] == "secret PSK rw, gw differs"
    log = host.journal(start)
    assert "loaded IKE secret for rw gw" in log
    assert "connection 'vpngw'" not in log
    seed["secrets"].append({"type": "EAP", "ids": ["carol"], "secret": "0sYWJjZA=="})
    changed(MODULE, **seed)
    assert "loaded EAP secret for carol" in host.journal(start)
    changed(MODULE, name="users", secrets=[{"type": "XAUTH", "ids": ["dave"], "secret": "x"}])
    assert host.loaded() == {"by-hand", "vpngw"}
    assert "loaded EAP secret for dave" in host.journal(start)


def test_never_visible(seed: Options) -> None:
    start = host.cursor()
    secret = seed["secrets"][0]["secret"]
    results = [run_module(MODULE, check=True, **seed), run_module(MODULE, **seed)]
    SECRETS.write_text(SECRETS.read_text() + f"{secret}\n")
    other = {**seed, "secrets": [{"ids": ["rw", "gw"], "secret": "the second secret of them"}]}
    results += [run_module(MODULE, **other, owner="two"), run_module(MODULE, **other)]
    results += [run_module(MODULE, **seed, ike="nosuch!"), run_module(MODULE, **seed, also=["x"])]
    seen = str(results) + json.dumps(results, ensure_ascii=False) + host.journal(start)
    assert sum(result.get("failed", False) for result in results) == 3
    assert "secret of" not in seen


def test_inheriting() -> None:
    parent = {"name": "parent", "keyexchange": "ikev2", "auto": "add", "right": "192.0.2.7"}
    changed(MODULE, connections=[parent, {"name": "child", "also": ["parent"], "mark": "7"}])
    assert host.loaded() == {"by-hand", "parent", "child"}
    message = refused(MODULE, name="parent", state="absent")
    assert f"conn child (file {host.FOLDER}/child.conf, line 2) inherits from it" in message
    assert "also 'nowhere'" in refused(MODULE, name="x", also=["nowhere"])


def test_purge_with_two_owners() -> None:
    changed(MODULE, connections=[small("a"), small("b")], owner="one")
    changed(MODULE, connections=[small("c")], owner="two")
    result = changed(MODULE, connections=[small("b")], owner="one", purge=True)
    assert actions(result) == [("remove", "connection a")]
    assert host.loaded() == {"by-hand", "b", "c"}
    assert "owner 'two'" in refused(MODULE, name="c", state="absent", owner="one")
    changed(MODULE, **small("c", mark="3"), owner="one", adopt=True)


def test_restart_and_repair(seed: Options) -> None:
    changed(MODULE, connections=[seed, small("a")])
    host.stop()
    host.start("vpngw", "a")
    unchanged(MODULE, connections=[seed, small("a")])
    shell.run("ipsec stroke delete a")
    start = host.cursor()
    result = changed(MODULE, connections=[seed, small("a")])
    assert result["actions"] == [
        {"action": "load", "object": "connection a", "reason": "not loaded in the daemon"}
    ]
    assert host.loaded() == {"by-hand", "vpngw", "a"}
    assert "'vpngw'" not in host.journal(start)
    CONF.write_text(CONF.read_text().replace("mark=2", "mark=9"))
    SECRETS.chmod(0o644)
    changed(MODULE, **seed)
    shell.run("ipsec stroke delete a")
    (host.FOLDER / "a.conf").unlink()
    changed(MODULE, **small("a"))


def test_interrupted_run(seed: Options) -> None:
    """A run that was killed after it had written and before it had loaded."""
    changed(MODULE, **seed)
    CONF.write_text(CONF.read_text().replace("rightid=gw", "rightid=other"))
    (host.FOLDER / ".unfinished").touch()
    seed["rightid"] = "other"
    assert "[gw]" in host.status()
    result = changed(MODULE, **seed)
    assert actions(result) == [("load", f"directory {host.FOLDER}")]
    assert "[other]" in host.status()


def test_in_charon_from_no_file() -> None:
    changed(MODULE, **small("a"))
    (host.FOLDER / "a.conf").unlink()
    result = changed(MODULE, name="a", state="absent")
    assert result["actions"][0]["reason"] == "state is absent; charon holds it from no file"
    assert host.loaded() == {"by-hand"}


def test_refused_by_starter(seed: Options) -> None:
    changed(MODULE, **seed)
    before = CONF.read_bytes()
    listed = [small("new"), {**seed, "leftprotoport": "tcp/no-such-port"}]
    message = refused(MODULE, connections=listed)
    assert "bad port: leftprotoport=no-such-port" in message  # starter's own words
    assert CONF.read_bytes() == before
    assert sorted(path.name for path in host.FOLDER.iterdir()) == ["vpngw.conf", "vpngw.secrets"]
    unchanged(MODULE, **seed)
    assert list(host.CONFIG.parent.glob(".ansible*")) == []


def test_refused_by_charon(seed: Options) -> None:
    changed(MODULE, **seed)
    before = CONF.read_bytes(), SECRETS.read_bytes()
    wish = {**seed, "ike": "nosuch!", "secrets": [{"ids": ["x"], "secret": "y" * 30}]}
    message = refused(MODULE, connections=[small("new"), wish])
    assert "connection vpngw: charon refused it" in message
    assert "skipped invalid proposal string: nosuch" in message  # charon's own words
    assert (CONF.read_bytes(), SECRETS.read_bytes()) == before
    assert host.loaded() == {"by-hand", "vpngw"}
    assert "ROUTED" in host.status()
    unchanged(MODULE, **seed)


def test_broken_by_hand(seed: Options) -> None:
    host.CONFIG.write_text(host.TEXTS[host.CONFIG] + "not indented\n")
    message = refused(MODULE, **seed)
    assert f"starter refuses {host.CONFIG} as it is" in message
    assert f"{host.CONFIG}:7" in message
    assert not CONF.exists()
    result = run_module(MODULE, check=True, **seed)
    assert f"file {host.CONFIG}: line 7" in result["warnings"][0]


def test_defined_by_hand(seed: Options) -> None:
    seed["name"] = "by-hand"
    assert f"file {host.CONFIG}, line 4, defines conn by-hand" in refused(MODULE, **seed)
    included = host.CONFIG.parent / "ipsec.d/by-hand.conf"
    included.write_text("\nconn vpngw\n")
    try:
        host.CONFIG.write_text(host.TEXTS[host.CONFIG] + "include ipsec.d/by-*.conf\n")
        seed["name"] = "vpngw"
        assert f"file {included}, line 2, defines conn vpngw" in refused(MODULE, **seed)
    finally:
        included.unlink()


def test_check_mode(seed: Options) -> None:
    host.stop()
    result = run_module(MODULE, check=True, **seed)
    assert result["changed"]
    assert "starter or its charon does not run" in result["warnings"][0]
    assert "systemctl start strongswan-starter" in refused(MODULE, **seed)
    assert run_module(MODULE, check=True, **seed, config_file="/nonexistent")["changed"]
    assert "strongswan-starter" in refused(MODULE, **seed, config_file="/nonexistent")
    assert "command nowhere" in refused(MODULE, **seed, command="nowhere")
    assert not host.FOLDER.exists()


OPTIONS: Options = {
    "keyexchange": "ikev1",
    "type": "transport",
    "authby": "psk",
    "ike": "aes256-sha256-modp2048!",
    "esp": "aes256-sha256!",
    "mark": "%unique",
    "mark_in": "0x2a/0xff",
    "mark_out": "42",
    "reqid": 7,
    "ikelifetime": "4h",
    "lifetime": "2h",
    "margintime": "5m",
    "rekeyfuzz": "50%",
    "rekey": False,
    "reauth": False,
    "keyingtries": "%forever",
    "dpdaction": "hold",
    "dpddelay": "10s",
    "dpdtimeout": "1m",
    "closeaction": "restart",
    "inactivity": "1h",
    "mobike": False,
    "forceencaps": True,
    "fragmentation": "no",
    "installpolicy": False,
    "eap_identity": "carol",
    "aaa_identity": "aaa.example.org",
    "xauth_identity": "carol",
    "settings": {"compress": True, "tfc": "%mtu", "lifebytes": 1000000, "rightid2": "x"},
}
for _end in ("left", "right"):
    OPTIONS |= {
        _end: "192.0.2.5",
        f"{_end}id": '"C=CH, O=x"' if _end == "left" else "C=CH, O=x",
        f"{_end}subnet": ["10.1.0.0/16", "fd01::/64"],
        f"{_end}sourceip": ["%config4"] if _end == "left" else ["10.3.0.0/24"],
        f"{_end}dns": ["10.1.0.53", "10.1.0.54"],
        f"{_end}auth": "psk",
        f"{_end}auth2": "xauth",
        f"{_end}sendcert": "never",
        f"{_end}updown": "/bin/true 'a b' \"c\" #d",
        f"{_end}firewall": True,
        f"{_end}hostaccess": True,
        f"{_end}protoport": "udp/1701",
        f"{_end}ikeport": 4500,
        f"{_end}allowany": True,
    }


def test_options() -> None:
    """Each option in a connection of its own, and then without it."""
    bare = {option: small(option.replace("_", "-")) for option in OPTIONS}
    with_option = [{**bare[option], option: value} for option, value in OPTIONS.items()]
    changed(MODULE, connections=with_option)
    assert host.loaded() == {"by-hand", *(one["name"] for one in bare.values())}
    result = changed(MODULE, connections=list(bare.values()))
    said = {one["object"]: one["reason"] for one in result["actions"]}
    for option in OPTIONS:
        name = "tfc" if option == "settings" else option
        if option not in bare[option]:
            assert f"{name} is " in said[f"connection {bare[option]['name']}"]


def test_examples() -> None:
    """The examples of the documentation do what they say, in order, and only once."""
    tasks = examples.stored(Path(__file__).resolve().parents[2])[MODULE]
    for task in tasks:
        name, options = examples.call(task)
        assert name == MODULE
        here = {"command": "ipsec"} if "command" in options else {}
        try:
            changed(MODULE, **{**options, **here})
        except AssertionError as error:
            raise AssertionError(f"example '{task['name']}': {error}") from None
    assert host.loaded() == {"by-hand", "branch1", "branch2", "road", "l2tp"}
