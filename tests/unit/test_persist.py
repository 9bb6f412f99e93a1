# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of O(persist): what is written, read back, merged and refused."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    ConflictError,
    InputError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link, VtiData
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.persist import (
    StoredFile,
    read_blocks,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import FoundRoute
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route_parse import (
    parse_route,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import parse_tunnel
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.persist import FileChange
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.persist_route import (
    plan_route_files,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.persist_tunnel import (
    plan_tunnel_file,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import Routes
from ansible_collections.ipsec.strongswan.plugins.module_utils._render import route as render
from ansible_collections.ipsec.strongswan.plugins.module_utils._render.route_lines import (
    read_lines,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._render.words import word
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import route as route_spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import tunnel as tunnel_spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import Field

Entry = dict[str, t.Any]
Texts = dict[str, str | None]
VTI = {"name": "vti42", "local": "192.0.2.1", "remote": "192.0.2.2", "key": "42"}
ENDS = "local 192.0.2.1 remote 192.0.2.2 ikey 42 okey 42"
POLICY = Policy()
LINKS = {
    name: Link(index, name, up=True, alias="ipsec.strongswan:default", data=data)
    for index, (name, data) in enumerate(
        {
            "vti42": VtiData("192.0.2.1", "192.0.2.2", 42, 42),
            "vti43": VtiData("192.0.2.1", "10.9.0.3", 43, 43),
        }.items(),
        2,
    )
}


def filled(fields: tuple[Field, ...], entry: Entry) -> Entry:
    return {field.name: entry.get(field.name, field.default) for field in fields}


def tunnels(*entries: Entry, text: str | None = None, **options: t.Any) -> tuple[FileChange, ...]:
    wanted = [parse_tunnel(filled(tunnel_spec.FIELDS, one)) for one in entries]
    policy = dataclasses.replace(POLICY, **options)
    return plan_tunnel_file(wanted, StoredFile("/etc/x/default.tunnels", text), policy)


def stored(changes: tuple[FileChange, ...]) -> str | None:
    """Return the text of the one file that a plan writes."""
    ((step,),) = [change.steps for change in changes]
    return step.text


def lines(text: str | None) -> list[str]:
    return [line for block in read_blocks(text).values() for line in block]


def test_a_tunnel_from_nothing() -> None:
    (change,) = tunnels(
        {
            **VTI,
            "mtu": 1400,
            "dev": "eth0",
            "master": "blue",
            "description": "Oslo's \u00f8",
            "addresses": ["10.99.0.1/30", "10.98.0.1 peer 10.98.0.2/32"],
            "disable_policy": True,
            "rp_filter": 2,
            "group": 5,
        }
    )
    assert change.object == "file /etc/x/default.tunnels"
    assert change.actions[0].action == "create"
    assert change.actions[0].reason == "new: tunnel vti42"
    text = stored((change,))
    assert text is not None
    assert text.startswith("# Managed by Ansible, ipsec.strongswan:default;")
    assert "#   ip -batch /etc/x/default.tunnels\n" in text
    assert read_blocks(text) == {
        "tunnel vti42": (
            f"link add name vti42 mtu 1400 group 5 type vti dev eth0 {ENDS}",
            'link set dev vti42 alias "ipsec.strongswan:default Oslo\'s \u00f8" master blue up',
            "addr add 10.99.0.1/30 dev vti42",
            "addr add 10.98.0.1 peer 10.98.0.2/32 dev vti42",
            "#sysctl net/ipv4/conf/vti42/disable_policy=1",
            "#sysctl net/ipv6/conf/vti42/disable_policy=1",
            "#sysctl net/ipv4/conf/vti42/rp_filter=2",
        )
    }


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (
            {"name": "v6", "local": "2001:db8::1", "remote": "any", "key": "1"},
            "link add name v6 type vti6 local 2001:db8::1 ikey 1 okey 1",
        ),
        ({"name": "x", "if_id": "7"}, "link add name x type xfrm if_id 7"),
        ({"name": "x", "external": True}, "link add name x type xfrm external"),
        ({**VTI, "up": False}, "link set dev vti42 alias ipsec.strongswan:default"),
    ],
)
def test_lines_of_tunnels(entry: Entry, line: str) -> None:
    assert line in lines(stored(tunnels(entry)))


def test_tunnels_are_merged() -> None:
    first = stored(tunnels(VTI, {"name": "a", "if_id": "7"}))
    assert tunnels(VTI, text=first) == ()
    changed = stored(tunnels({**VTI, "mtu": 1300}, {"name": "b", "if_id": "8"}, text=first))
    assert list(read_blocks(changed)) == ["tunnel a", "tunnel b", "tunnel vti42"]
    assert "mtu 1300" in (changed or "")
    (change,) = tunnels({"name": "a", "state": "absent"}, text=changed)
    assert change.actions[0].reason == "gone: tunnel a"
    assert list(read_blocks(stored((change,)))) == ["tunnel b", "tunnel vti42"]
    assert list(read_blocks(stored(tunnels(VTI, text=changed, purge=True)))) == ["tunnel vti42"]


def test_a_device_comes_after_the_one_that_it_stands_upon() -> None:
    upper = {"name": "a", "if_id": "7", "dev": "b"}
    lower = {**VTI, "name": "b", "dev": "c"}
    text = stored(tunnels(upper, lower, {"name": "c", "if_id": "8"}, {"name": "z", "if_id": "9"}))
    assert list(read_blocks(text)) == ["tunnel c", "tunnel z", "tunnel b", "tunnel a"]
    text = stored(tunnels(upper, {**lower, "dev": "a"}))
    assert set(read_blocks(text)) == {"tunnel a", "tunnel b"}


def test_an_empty_file_is_removed() -> None:
    first = stored(tunnels(VTI))
    (change,) = tunnels(text=first, purge=True)
    assert (change.actions[0].action, stored((change,))) == ("remove", None)
    assert tunnels({**VTI, "state": "absent"}, text=None) == ()


def test_a_foreign_file_is_left_alone() -> None:
    for text in ("link add name x type dummy\n", stored(tunnels(VTI, owner="other"))):
        with pytest.raises(ConflictError, match="its first line does not say"):
            tunnels(VTI, text=text)
        assert tunnels(VTI, text=text, adopt=True)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({**VTI, "description": "no # here"}, "starts a comment"),
        ({**VTI, "description": 'it\'s "so"'}, "no way to write"),
        ({"name": "x", "if_id": "7", "target_netns": "blue"}, "does not survive a restart"),
    ],
)
def test_what_cannot_be_persisted(entry: Entry, said: str) -> None:
    with pytest.raises(InputError, match=said):
        tunnels(entry)


@pytest.mark.parametrize(
    ("text", "line"),
    [("vti42", "vti42"), ("a b", "'a b'"), ("it's so", '"it\'s so"'), ('"a', "'\"a'"), ("", "''")],
)
def test_words(text: str, line: str) -> None:
    assert word(text) == line


ROUTES: list[Entry] = [
    {"dst": "10.2.0.0/24", "dev": "vti42", "src": "10.1.0.1", "mtu": 1300, "advmss": 1200},
    {"dst": "10.3.0.0/24", "gateway": "10.9.9.9", "tos": "0x10", "metric": 5, "table": "77"},
    {"dst": "10.4.0.0/24", "dev": "vti42", "gateway": "fe80::1", "onlink": True},
    {"dst": "fd02::/64", "dev": "vti42"},
    {"dst": "fd02::/64", "dev": "vti43", "metric": 7},
    {"dst": "10.5.0.0/24", "type": "blackhole"},
    {"dst": "fd05::/64", "type": "prohibit"},
    {
        "dst": "10.8.0.0/24",
        "nexthops": [{"dev": "a", "encap": {"if_id": "7", "dev": None}}, {"dev": "b"}],
    },
    {"dst": "10.6.0.0/24", "dev": "vti42", "encap": {"if_id": "7", "dev": "eth0"}},
    {
        "dst": "10.7.0.0/24",
        "nexthops": [{"dev": "vti42", "weight": 3}, {"gateway": "10.9.9.9", "dev": "vti43"}],
    },
]


def test_several_encaps_in_one_route_cannot_be_persisted() -> None:
    encaps = [{"if_id": "7", "dev": None}, {"if_id": "8", "dev": None}]
    entry = {"dst": "10.7.0.0/24", "nexthops": [{"dev": "x", "encap": one} for one in encaps]}
    with pytest.raises(InputError, match="several next hops with encap"):
        render.route(FoundRoute(parse_route(full(entry)).route, 157))


def full(entry: Entry) -> Entry:
    """Return an entry as the argument spec leaves it."""
    result = filled(route_spec.FIELDS, entry)
    if result["encap"]:
        result["encap"] = {"dev": None, **result["encap"]}
    return result


@pytest.mark.parametrize("entry", ROUTES, ids=lambda entry: str(entry["dst"]))
def test_routes_are_read_back(entry: Entry) -> None:
    found = FoundRoute(parse_route(full(entry)).route, 157, 4123456789)
    assert read_lines(f"# a comment\n{render.route(found)}\n") == ([found], [])


def routes(
    *entries: Entry,
    held: Texts | None = None,
    links: dict[str, Link] = LINKS,
    others: tuple[FoundRoute, ...] = (),
    **options: t.Any,
) -> Texts:
    """Return the texts of the files that a plan changes, by their kind."""
    before = held or {}
    changes = plan_route_files(
        [parse_route(full(one)) for one in entries],
        Routes(links, others),
        StoredFile("guards", before.get("guards")),
        StoredFile("routes", before.get("routes")),
        dataclasses.replace(POLICY, **options),
        157,
    )
    return {step.path: step.text for change in changes for step in change.steps}


def test_routes_from_nothing_in_their_order() -> None:
    texts = routes(
        {"dst": "10.3.0.0/24", "gateway": "10.2.0.9", "dev": "vti42"},
        {"dst": "10.2.0.0/24", "dev": "vti42"},
        {"dst": "10.1.0.0/24", "type": "unreachable"},
    )
    assert [line.split(" table")[0] for line in lines(texts["routes"])] == [
        "route add unreachable 10.1.0.0/24",
        "route add 10.2.0.0/24",
        "route add 10.3.0.0/24",
    ]
    assert set(texts) == {"routes"}


def test_guards_come_and_go_with_their_routes() -> None:
    first = {"dst": "10.2.0.0/24", "dev": "vti42", "guard": True}
    default = {"dst": "::/0", "dev": "vti42", "guard": True}
    texts = routes(first, default)
    assert [line.split(" table")[0] for line in lines(texts["guards"])] == [
        "route add unreachable 10.2.0.0/24",
        "route add unreachable ::/0",
        "#-6 rule add pref 32256 lookup 254 suppress_prefixlength 0 protocol 157",
        "#-6 rule add pref 32257 lookup 15700 protocol 157",
    ]
    assert routes(first, default, held=texts) == {}
    assert routes(first, held=texts) == {}
    after = routes({"dst": "::/0", "state": "absent"}, held=texts)
    assert [line.split(" table")[0] for line in lines(after["guards"])] == [
        "route add unreachable 10.2.0.0/24"
    ]
    assert [line.split(" table")[0] for line in lines(after["routes"])] == ["route add 10.2.0.0/24"]
    unguarded = routes({**first, "guard": False}, held=after)
    assert unguarded == {"guards": None}
    assert routes(purge=True, held=texts) == {"guards": None, "routes": None}


def test_routes_are_merged() -> None:
    texts = routes({"dst": "10.2.0.0/24", "dev": "vti42"}, {"dst": "fd02::/64", "dev": "vti42"})
    texts = routes({"dst": "10.2.0.0/24", "dev": "vti43"}, held=texts)
    assert [line.split(" proto")[0] for line in lines(texts["routes"])] == [
        "route add 10.2.0.0/24 table 254",
        "route append fd02::/64 table 254",
    ]
    assert "dev vti43" in lines(texts["routes"])[0]
    texts = routes({"dst": "fd02::/64", "dev": "vti42", "mtu": 1300}, held=texts)
    assert "mtu 1300" in lines(texts["routes"])[1]
    assert len(lines(texts["routes"])) == 2
    texts = routes({"dst": "fd02::/64", "state": "absent"}, held=texts)
    assert len(lines(texts["routes"])) == 1
    # A device that is gone does not hide whose its routes are.
    assert routes({"dst": "10.2.0.0/24", "state": "absent"}, links={}, held=texts) == {
        "routes": None
    }


def test_a_route_of_somebody_else_decides_where_the_guard_is() -> None:
    other = parse_route(full({"dst": "10.2.0.0/24", "dev": "eth0", "metric": 5})).route
    texts = routes(
        {"dst": "10.2.0.0/24", "dev": "vti42", "guard": True}, others=(FoundRoute(other, 3),)
    )
    assert "route add 10.2.0.0/24 table 15700" in (texts["routes"] or "")
    assert "10.2.0.0/24 table 254 proto 3" not in (texts["routes"] or "")


def test_lines_of_others_are_passed_over() -> None:
    text = "route add\nroute add 10.0.0.0/8 table x\nlink add name a\nrule add pref\n'\n"
    assert read_lines(text)[0] == []
