# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The narrowed argument spec accepts, refuses and returns what the whole one does."""

from __future__ import annotations

import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import (
    connection,
    secret,
    tunnel,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import (
    argument_spec,
    entries,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.narrow import narrowed

TUNNEL = argument_spec(tunnel.LIST, tunnel.FIELDS, tunnel.CALL)
CONNECTION = argument_spec(connection.LIST, connection.FIELDS, connection.CALL)


def _validated(spec: dict[str, t.Any], params: dict[str, t.Any]) -> tuple[t.Any, list[str]]:
    result = ArgumentSpecValidator(spec).validate(params)
    return result.validated_parameters, result.error_messages


def test_entries_that_are_as_wanted_are_not_checked() -> None:
    inner = {"name": "x", "remote_ts": ["10.0.0.0/8"], "mark_in": "1"}
    listed: list[dict[str, t.Any]] = [
        {"name": "a", "version": 2, "children": [inner, {"name": "y", "updown": None}]},
        {"name": "b", "mobike": True},
    ]
    whole, errors = _validated(CONNECTION, {"connections": listed})
    assert not errors
    assert "options" not in narrowed(CONNECTION, {"connections": listed})["connections"]
    assert [set(entry) for entry in listed] == [{"name", "version", "children", "mobike"}] * 2
    names = {"name", "remote_ts", "mark_in", "updown"}
    assert [set(child) for child in listed[0]["children"]] == [names] * 2
    for mine, theirs in zip(listed, whole["connections"], strict=True):
        children = theirs.pop("children") or []
        for child, other in zip(mine.pop("children") or [], children, strict=True):
            assert child == {name: other[name] for name in child}
        assert mine == {name: theirs[name] for name in mine}


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "a", "version": "2"},
        {"name": "a", "version": 3},
        {"name": "a", "nonsense": "2"},
        {"name": "a", "mobike": "yes"},
        {"name": "a", "remote_addrs": "192.0.2.1"},
        {"name": "a", "remote_addrs": [1]},
        {"name": None},
        {"name": "a", "version": None},
        {"version": 2},
        {"name": 1},
        {"name": "a", "children": [{"mark_in": "1"}]},
        {"name": "a", "children": {"name": "x"}},
    ],
)
def test_entries_that_must_be_checked(entry: dict[str, t.Any]) -> None:
    listed = [{"name": "b", "version": 1}, entry]
    assert "options" in narrowed(CONNECTION, {"connections": listed})["connections"]


def test_secrets_are_always_checked() -> None:
    """Ansible gathers there what it must not show."""
    spec = argument_spec(secret.LIST, secret.FIELDS, secret.CALL)
    listed = [{"name": "a", "secret": "0123456789abcdefghij"}]
    assert "options" in narrowed(spec, {secret.LIST: listed})[secret.LIST]


def test_only_the_options_that_are_given_or_needed_remain() -> None:
    spec = narrowed(TUNNEL, {"tunnels": [{"name": "vti1", "mtu": 1400}, {"key": 1}]})
    assert set(spec["tunnels"]["options"]) == {"name", "mtu", "key"}
    assert set(spec) == set(TUNNEL)


def test_options_of_inner_lists_as_well() -> None:
    params = {
        "connections": [
            {"name": "a", "children": [{"name": "x", "mark_in": 1}]},
            {"name": "b", "children": [{"name": "y"}]},
        ]
    }
    options = narrowed(CONNECTION, params)["connections"]["options"]
    assert set(options) == {"name", "children"}
    assert set(options["children"]["options"]) == {"name", "mark_in"}


@pytest.mark.parametrize(
    "value",
    [
        '[{"name": "vti1"}]',
        {"name": "vti1"},
        ["vti1"],
        None,
        [{"name": "vti1"}, "vti2"],
        [{"name": "vti1", "mtv": 1400}],
    ],
)
def test_what_is_no_list_of_known_options_meets_the_whole_spec(value: object) -> None:
    assert narrowed(TUNNEL, {"tunnels": value}) == TUNNEL


@pytest.mark.parametrize(
    "listed",
    [
        [{"name": "vti1", "mtu": "1400", "addresses": "10.0.0.1/30"}, {"name": "vti2", "up": "no"}],
        [{"mtu": 1400}],
        [{"name": "vti1", "mtu": "large"}],
        [{"name": "vti1", "mtv": 1400}],
        [{"name": "vti1", "kind": "gre"}],
        [{"name": "vti1", "mtu": None}],
        [],
    ],
)
def test_the_result_is_the_same(listed: list[dict[str, t.Any]]) -> None:
    params = {"tunnels": listed}
    whole, errors = _validated(TUNNEL, params)
    narrow, narrow_errors = _validated(narrowed(TUNNEL, params), params)
    assert narrow_errors == errors
    if not errors:
        assert entries("tunnels", tunnel.FIELDS, narrow) == entries("tunnels", tunnel.FIELDS, whole)
