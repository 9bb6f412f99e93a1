# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bones: specs and inheritance, marks, versions, diffs."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils import _owner as owner
from ansible_collections.ipsec.strongswan.plugins.module_utils._deps import (
    check_pyroute2_version,
    parse_version,
    version_beside,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    DependencyError,
    InputError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    actions_result,
    diff_result,
    differences,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import (
    Field,
    argument_spec,
    constraints,
    entries,
)

FIELDS = (Field("name", identity=True), Field("mtu", type="int"), Field("up", "bool", True))


def test_top_level_has_defaults_and_entries_have_none() -> None:
    spec = argument_spec("tunnels", FIELDS, (Field("netns"),))
    assert spec["up"] == {"type": "bool", "default": True}
    assert spec["tunnels"]["options"]["up"] == {"type": "bool"}
    assert spec["tunnels"]["options"]["name"]["required"]
    assert "required" not in spec["name"]
    assert spec["netns"] == {"type": "str"}


def test_identity_excludes_the_list() -> None:
    assert constraints("tunnels", FIELDS) == {
        "mutually_exclusive": [("name", "tunnels")],
        "required_one_of": [("name", "tunnels")],
        "required_if": [("purge", True, ("tunnels",))],
    }


INHERITED: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    ({"name": "a", "mtu": None, "up": True}, [{"name": "a", "mtu": None, "up": True}]),
    (
        {"mtu": 1400, "up": True, "tunnels": [{"name": "a"}, {"name": "b", "mtu": 1, "up": False}]},
        [{"name": "a", "mtu": 1400, "up": True}, {"name": "b", "mtu": 1, "up": False}],
    ),
    ({"mtu": 1400, "tunnels": []}, []),
]


@pytest.mark.parametrize(("params", "expected"), INHERITED)
def test_entries_inherit(params: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    assert entries("tunnels", FIELDS, params) == expected


MARKS = [
    ("ipsec.strongswan:default", "default"),
    ("ipsec.strongswan:site-1; to Berlin", "site-1"),
    ("ipsec.strongswan:a to Berlin", "a"),
    ("ipsec.strongswan:", None),
    ("to ipsec.strongswan:a", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("alias", "name"), MARKS)
def test_owner_of_link(alias: str, name: str) -> None:
    assert owner.owner_of_link(alias) == name


def test_marks_can_be_read_back() -> None:
    assert owner.owner_of_link(owner.link_mark("site.a_1")) == "site.a_1"
    assert owner.owner_of_file(owner.file_header("site.a_1") + "connections {\n}\n") == "site.a_1"
    assert owner.owner_of_file("connections { # ipsec.strongswan:a\n}") is None


@pytest.mark.parametrize("name", ["", "-a", "a b", "a" * 65, "a;b", "updown", "a\n"])
def test_wrong_owner(name: str) -> None:
    with pytest.raises(InputError, match="owner"):
        owner.check_owner(name)


VERSIONS = [
    ("0.7.2", True),
    ("0.7.2.post1", True),
    ("0.9.7", True),
    ("1.0", True),
    ("0.6.9", False),
    ("0.7.1", False),
    ("0.7", False),
    ("", False),
]


@pytest.mark.parametrize(("text", "fits"), VERSIONS)
def test_pyroute2_version(text: str, fits: bool) -> None:
    if fits:
        check_pyroute2_version(text)
    else:
        with pytest.raises(DependencyError, match=r"expected 0\.7\.2 or newer"):
            check_pyroute2_version(text)


def test_parse_version_compares_numbers() -> None:
    assert parse_version("0.10.0") > parse_version("0.9.7")


def test_results_of_a_change() -> None:
    change: Change[None] = Change(
        "tunnel a", (Action("change", "why"),), {"mtu": 1, "up": True}, {"mtu": 2, "up": True}
    )
    assert actions_result([change]) == [{"object": "tunnel a", "action": "change", "reason": "why"}]
    (diff,) = diff_result([change])
    assert diff["before"] == "mtu: 1\nup: true\n"
    assert diff["after"] == "mtu: 2\nup: true\n"
    assert differences({"mtu": None}, {"mtu": [1, 2]}) == ["mtu is not set, wanted 1, 2"]


@pytest.mark.parametrize(
    ("names", "version"),
    [
        (["pip", "pyroute2", "pyroute2-0.7.7.dist-info"], "0.7.7"),
        (["pyroute2-0.7.2.egg-info"], "0.7.2"),
        (["pyroute2-0.8.1-py3.13.egg-info"], "0.8.1"),
        (["pyroute2-0.9.7.post1.dist-info"], "0.9.7.post1"),
        (["pyroute2-core-0.6.9.dist-info", "pyroute2.libs-0.6.9.dist-info"], ""),
        (["pyroute2", "pyroute2_minimal-0.7.2.dist-info"], ""),
    ],
)
def test_the_version_is_read_without_an_import(names: list[str], version: str) -> None:
    assert version_beside(names) == version
