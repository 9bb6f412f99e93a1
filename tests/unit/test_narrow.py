# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The narrowed argument spec accepts, refuses and returns what the whole one does."""

from __future__ import annotations

import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import connection, tunnel
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
