# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pools: what is accepted, how charon counts addresses, and what a plan refuses."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    ConflictError,
    InputError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.pool import (
    check_pools,
    parse_pool,
    pool_result,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import actions_result
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.pool import (
    FoundPools,
    LoadedPool,
    plan_pools,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.pool_message import (
    pool_message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.pool_range import (
    PoolRange,
    parse_pool_range,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject

FOLDER = "/etc/swanctl/conf.d"
PATH = f"{FOLDER}/pool-road.conf"


def wanted(**options: t.Any) -> ConfigObject:
    """Return the pool road."""
    return parse_pool({"name": "road", "state": "present", "addrs": "10.3.0.0/24", **options})


RANGES = {
    "10.3.0.0/24": ("10.3.0.1", 254),
    "10.3.0.0/28": ("10.3.0.1", 14),
    "10.3.0.20/24": ("10.3.0.20", 235),
    "10.3.0.0/30": ("10.3.0.1", 2),
    "10.3.0.2/31": ("10.3.0.2", 2),
    "10.3.0.3/31": ("10.3.0.3", 1),
    "10.3.0.7/32": ("10.3.0.7", 1),
    "10.3.0.7": ("10.3.0.7", 1),
    "10.3.0.10-10.3.0.99": ("10.3.0.10", 90),
    "fd03::/120": ("fd03::1", 254),
    "fd03::/64": ("fd03::1", 2**31 - 2),
    "fd03::5-fd03::9": ("fd03::5", 5),
}


@pytest.mark.parametrize(("text", "meant"), RANGES.items(), ids=RANGES)
def test_range(text: str, meant: tuple[str, int]) -> None:
    assert parse_pool_range(text) == PoolRange(*meant)


def test_as_charon_tells_it() -> None:
    network = parse_pool_range("10.3.0.0/28")
    assert network.is_told_as("10.3.0.1", 14)  # from 6.0 on
    assert network.is_told_as("10.3.0.0", 14)  # before
    assert not network.is_told_as("10.3.0.2", 14)
    assert not network.is_told_as("10.3.0.1", 13)
    assert not parse_pool_range("10.3.0.1-10.3.0.14").is_told_as("10.3.0.0", 14)


WRONG_RANGES = ["", "moon", "10.3.0.0/33", "10.3.0.9-10.3.0.1", "10.3.0.1-fd03::1"]
WRONG_RANGES += ["fd03::1-fd03:1::1", "10.3.0.255/24", "10.3.0.1-", "10.3.0.0/24, 10.4.0.0/24"]


@pytest.mark.parametrize("text", WRONG_RANGES)
def test_wrong_range(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|no address|too large"):
        parse_pool_range(text)


def test_parsed() -> None:
    pool = wanted(dns=["10.1.0.53", "fd01::53"], subnet=["10.1.0.0/16"], settings={"25": "a.org"})
    assert pool_message(pool.section) == {
        "addrs": "10.3.0.0/24",
        "dns": ["10.1.0.53", "fd01::53"],
        "subnet": ["10.1.0.0/16"],
        "25": ["a.org"],
    }
    assert pool_result(pool) == {"name": "road", "state": "present", **pool_message(pool.section)}


WRONG: dict[str, tuple[dict[str, t.Any], str]] = {
    "name": ({"name": "a/b"}, "pool 'a/b'"),
    "without addresses": ({"addrs": None}, "pool road: addrs is missing"),
    "addresses": ({"addrs": "10.3.0.0/40"}, "pool road: addrs '10.3.0.0/40': expected a network"),
    "attribute": ({"dns": ["moon"]}, "pool road: dns 'moon': expected an address"),
    "two in one": ({"dns": ["10.0.0.1, 10.0.0.2"]}, "pool road: dns"),
    "unknown": ({"settings": {"dsn": "1"}}, "settings: dsn: expected the number"),
    "near": ({"settings": {"dsn": "1"}}, "did you mean dns?"),
    "an option": ({"settings": {"dns": "1"}}, "settings: dns: it is an option of its own"),
    "number": ({"settings": {"40000": "1"}}, "1 to 32767"),
    "empty": ({"settings": {"25": ""}}, "settings: 25 ''"),
}


@pytest.mark.parametrize(("options", "words"), WRONG.values(), ids=WRONG)
def test_wrong(options: dict[str, t.Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        wanted(**options)
    assert words in str(caught.value)


def test_list_with_the_same_addresses() -> None:
    with pytest.raises(
        InputError, match=r"pool b: its addresses 10\.3\.0\.99/24 overlap with .* a, "
    ):
        check_pools([wanted(name="a"), wanted(name="b", addrs="10.3.0.99/24")])
    with pytest.raises(InputError, match="pool road: it is in the list twice"):
        check_pools([wanted(), wanted(addrs="10.4.0.0/24")])
    check_pools([wanted(name="a"), wanted(name="b", addrs="10.3.1.0/24")])
    check_pools([wanted(name="a"), wanted(name="b", addrs="fd03::/120")])


def found(online: int = 0, held: str = "10.3.0.0/24", **texts: str) -> FoundPools:
    """Return a host with the pool road in its file and in charon, and with other files."""
    files = {
        f"{FOLDER}/{name}.conf": ConfigFile(f"{FOLDER}/{name}.conf", text, 0o600)
        for name, text in texts.items()
    }
    files[PATH] = ConfigFile(PATH, wanted().text("default"), 0o600)
    told = parse_pool_range(held)
    pools = {"road": LoadedPool(told.base, told.size, online)}
    return FoundPools(files, frozenset(pools), pools=pools)


def plan(one: ConfigObject, there: FoundPools) -> list[tuple[str, str]]:
    """Return the actions of a plan and their reasons."""
    changes = plan_pools([one], there, Policy(), FOLDER).changes
    return [(action["action"], action["reason"]) for action in actions_result(changes)]


def test_the_same_addresses_in_another_notation() -> None:
    assert plan(wanted(addrs="10.3.0.1-10.3.0.254"), found()) == []


def test_pool_in_use() -> None:
    assert plan(wanted(), found(online=1)) == []
    assert plan(wanted(dns=["10.1.0.53"]), found(online=1)) == [
        ("change", "dns is not set, wanted 10.1.0.53")
    ]
    with pytest.raises(ConflictError, match=r"pool road: 1 of its addresses is in use, .*another"):
        plan(wanted(addrs="10.4.0.0/24"), found(online=1))
    with pytest.raises(ConflictError, match=r"pool road: 2 of its addresses are in use, .*remove"):
        plan(wanted(state="absent"), found(online=2))
    with pytest.raises(ConflictError, match="does not unload"):
        plan_pools([], found(online=1), Policy(purge=True), FOLDER)


def test_daemon_with_other_addresses() -> None:
    reason = "the daemon holds 14 addresses from 10.9.0.1 on, wanted 254 addresses from 10.3.0.1 on"
    assert plan(wanted(), found(held="10.9.0.0/28")) == [("load", reason)]


def test_addresses_of_another_file() -> None:
    by_hand = "pools {\n  other {\n    addrs = 10.4.0.0/16\n  }\n}\n"
    with pytest.raises(ConflictError) as caught:
        plan(wanted(addrs="10.4.7.0/24"), found(by_hand=by_hand))
    assert "10.4.0.0/16 of pool other (file /etc/swanctl/conf.d/by_hand.conf, line 2)" in str(
        caught.value
    )
    assert plan(wanted(addrs="10.5.0.0/24"), found(by_hand=by_hand))
