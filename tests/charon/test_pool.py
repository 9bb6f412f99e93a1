# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""strongswan_pool against a real charon, which tells addresses and leases of its pools."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon.pair import Pair
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]
MODULE = "strongswan_pool"
FILE = daemon.FOLDER / "pool-road.conf"
ROAD: Options = {"name": "road", "addrs": "10.3.0.0/28", "dns": ["10.1.0.53"]}
OPTIONS: Options = {
    "dns": ["10.1.0.53", "fd01::53"],
    "nbns": ["10.1.0.54"],
    "dhcp": ["10.1.0.67", "10.1.0.68"],
    "netmask": ["255.255.255.0"],
    "server": ["10.1.0.80"],
    "subnet": ["10.1.0.0/16", "fd01::/64"],
    "split_include": ["10.1.0.0/16"],
    "split_exclude": ["10.1.99.0/24"],
    "settings": {"25": ["example.org", "example.net"], "28676": "10.1.0.0/16"},
}


def pools() -> dict[str, tuple[str, int]]:
    """Return the pools that charon holds: an address that tells their place, and their size."""
    with daemon.client() as vici:
        told = vici.request("get-pools")
    return {name: (pool["base"].decode()[:6], int(pool["size"])) for name, pool in told.items()}


def actions(result: Options) -> list[tuple[str, str]]:
    """Return what was done to which object."""
    return [(one["action"], one["object"]) for one in result["actions"]]


def test_create_change_remove() -> None:
    process = daemon.pid()
    result = changed(MODULE, **ROAD)
    assert actions(result) == [("create", "pool road")]
    assert result["pools"] == [{**ROAD, "state": "present"}]
    assert pools() == {"road": ("10.3.0", 14)}
    result = changed(MODULE, **{**ROAD, "addrs": "10.4.0.10-10.4.0.19"})
    assert result["actions"][0]["reason"] == ("addrs is 10.3.0.0/28, wanted 10.4.0.10-10.4.0.19")
    assert pools() == {"road": ("10.4.0", 10)}
    changed(MODULE, name="road", state="absent")
    assert pools() == {}
    assert not FILE.exists()
    assert daemon.pid() == process


@pytest.mark.parametrize("option", OPTIONS)
def test_option(option: str) -> None:
    bare = {"name": "road", "addrs": "10.3.0.0/28"}
    changed(MODULE, **bare, **{option: OPTIONS[option]})
    result = changed(MODULE, **bare)
    assert "wanted not set" in result["actions"][0]["reason"]


def test_swanctl_loads_the_file_as_we_do() -> None:
    changed(MODULE, **{**ROAD, **OPTIONS})
    before = pools()
    start = daemon.cursor()
    daemon.load_files()
    assert "updated vici pool road: 10.3.0." in daemon.journal(start)  # and not: replaced
    assert pools() == before
    unchanged(MODULE, **{**ROAD, **OPTIONS})


@pytest.mark.parametrize(
    "addrs",
    [
        "10.3.0.0/24",
        "10.3.0.20/24",
        "10.3.0.0/30",
        "10.3.0.2/31",
        "10.3.0.3/31",
        "10.3.0.7/32",
        "10.3.0.7",
        "10.3.0.10-10.3.0.99",
        "fd03::/120",
        "fd03::/64",
        "fd03::5-fd03::9",
    ],
)
def test_charon_counts_as_we_do(addrs: str) -> None:
    """If it did not, the second run would find another pool in the daemon."""
    changed(MODULE, name="road", addrs=addrs)


def test_purge_with_two_owners() -> None:
    changed(MODULE, owner="one", pools=[ROAD, {"name": "b", "addrs": "10.5.0.0/24"}])
    changed(MODULE, owner="two", name="c", addrs="10.6.0.0/24")
    result = changed(MODULE, owner="one", pools=[ROAD], purge=True)
    assert actions(result) == [("remove", "pool b")]
    assert set(pools()) == {"road", "c"}
    assert "owner 'two'" in refused(MODULE, name="c", state="absent", owner="one")
    changed(MODULE, name="c", addrs="10.6.1.0/24", owner="one", adopt=True)


def test_restart_and_repair() -> None:
    changed(MODULE, **ROAD)
    daemon.restart()
    unchanged(MODULE, **ROAD)
    daemon.forget()
    result = changed(MODULE, **ROAD)
    assert result["actions"][0]["reason"] == "not loaded in the daemon"
    with daemon.client() as vici:
        vici.request("load-pool", {"road": {"addrs": "10.9.0.3-10.9.0.9"}})
    result = changed(MODULE, **ROAD)
    assert result["actions"] == [
        {
            "action": "load",
            "object": "pool road",
            "reason": "the daemon holds 7 addresses from 10.9.0.3 on,"
            " wanted 14 addresses from 10.3.0.1 on",
        }
    ]
    assert pools() == {"road": ("10.3.0", 14)}


def test_pool_of_another_file() -> None:
    path = daemon.write("by-hand.conf", "pools {\n  road {\n    addrs = 10.3.0.0/24\n  }\n}\n")
    assert f"file {path}, line 2," in refused(MODULE, **ROAD)
    message = refused(MODULE, **{**ROAD, "name": "other"})
    assert f"10.3.0.0/24 of pool road (file {path}, line 2)" in message
    assert pools() == {}


def test_refused_by_charon() -> None:
    changed(MODULE, **ROAD)
    before = FILE.read_bytes()
    options = {"pools": [{**ROAD, "dns": ["10.1.0.99"]}, {"name": "b", "addrs": "10.5.0.0/24"}]}
    options["pools"][1]["split_include"] = ["10.1.0.0/99"]
    assert "split_include '10.1.0.0/99'" in refused(MODULE, **options)
    assert FILE.read_bytes() == before
    assert set(pools()) == {"road"}


def test_check_mode_changes_nothing() -> None:
    assert run_module(MODULE, check=True, **ROAD)["changed"]
    assert pools() == {}
    assert not FILE.exists()


def test_pool_in_use(pair: Pair) -> None:
    """A lease is kept while attributes change; other changes are refused before, also in check mode."""
    changed(MODULE, **ROAD)
    pair.load()
    client = pair.connection(pair.peer, {"local_ts": ["dynamic"]}, vips=["0.0.0.0"])
    gateway = pair.connection(pair.node, {"remote_ts": ["dynamic"]}, pools=["road"])
    for options in (client, gateway):
        assert run_module("strongswan_conn", **options)["changed"]
    pair.peer.swanctl("--initiate --child net --timeout 20")
    with daemon.client() as vici:
        assert vici.request("get-pools")["road"]["online"] == b"1"
    changed(MODULE, **{**ROAD, "dns": ["10.1.0.54"]})
    before = FILE.read_bytes()
    wishes: list[Options] = [
        {**ROAD, "addrs": "10.4.0.0/28"},
        {"name": "road", "state": "absent"},
        {"pools": [], "purge": True},
    ]
    for wish in wishes:
        assert "pool road: 1 of its addresses is in use" in refused(MODULE, **wish)
        assert run_module(MODULE, check=True, **wish)["failed"]
    assert FILE.read_bytes() == before
    with daemon.client() as vici:
        assert vici.request("get-pools")["road"]["online"] == b"1"
    pair.peer.swanctl("--terminate --ike pair --timeout 20")
    changed(MODULE, **wishes[0])
    changed(MODULE, **wishes[1])
