# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans of SAs: what is brought up, down or made anew."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    ConflictError,
    InputError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import ChildSa, IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa_wanted import (
    WantedSa,
    check_sas,
    parse_sa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import (
    IKE,
    Former,
    Formers,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa import plan_sas
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_found import FoundSas
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_steps import (
    Initiate,
    Reestablish,
    SaStep,
    Terminate,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.shared_ike import shared_out
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

Options = dict[str, t.Any]
HOLDERS = {"a": "gw", "b": "gw", "c": "other"}


def connection(child: Options | None = None, **options: t.Any) -> Section:
    """Return the connection C(gw) with the children C(a), with these options, and C(b)."""
    children = [{"name": "a", **(child or {})}, {"name": "b"}]
    return parse_connection(
        {"name": "gw", "state": "present", "children": children, **options}
    ).section


def ike(uniqueid: int, name: str = "gw", **children: int) -> IkeSa:
    """Return an IKE SA with children by name, and their ids."""
    made = tuple(
        ChildSa(child, number, 1, "INSTALLED", "TUNNEL", "ESP", install_time=9, life_time=3951)
        for child, number in children.items()
    )
    return IkeSa(name, uniqueid, 2, "ESTABLISHED", established=9, children=made)


def found(*sas: IkeSa, section: Section | None = None, **formers: tuple[Former, ...]) -> FoundSas:
    """Return a charon that holds C(gw) and has these SAs; O(formers) by child, or C(ike)."""
    noted: Formers = {IKE if name == "ike" else name: known for name, known in formers.items()}
    by_name: dict[str, tuple[IkeSa, ...]] = {}
    for one in sas:
        by_name[one.name] = (*by_name.get(one.name, ()), one)
    return FoundSas(
        {"gw": ("a", "b"), "other": ("c",)},
        shared_out(by_name, HOLDERS),
        {"gw": section or connection()},
        {"gw": noted},
        10000,
        HOLDERS,
    )


def plan(there: FoundSas, state: str, child: str = "", **options: t.Any) -> Plan[SaStep]:
    """Return the plan for C(gw)."""
    return plan_sas([WantedSa("gw", child, state, **options)], there, check_mode=False)


def step(there: FoundSas, state: str, child: str = "", **options: t.Any) -> SaStep | None:
    """Return the one step of a plan, if there is one."""
    steps = [one for change in plan(there, state, child, **options).changes for one in change.steps]
    assert len(steps) <= 1
    return steps[0] if steps else None


def test_up() -> None:
    assert step(found(), "up") == Initiate("gw", ("a", "b"))
    assert step(found(), "up", "a") == Initiate("gw", ("a",))
    assert step(found(ike(1, a=1)), "up") == Initiate("gw", ("b",))
    assert step(found(ike(1, a=1)), "up", "a") is None
    assert step(found(ike(1, a=1), ike(2, b=2)), "up") is None
    assert step(found(ike(1, "other", a=1, c=2)), "up", "a") is None


def test_down() -> None:
    there = found(ike(1, a=1, b=2))
    assert step(found(), "down") is None
    assert step(there, "down") == Terminate("gw", ikes=(1,))
    assert step(there, "down", "a") == Terminate("gw", children=(1,))
    assert step(found(ike(1, b=2)), "down", "a") is None


def test_down_in_an_ike_sa_of_another() -> None:
    assert step(found(ike(1, "other", a=1, c=2)), "down") == Terminate("gw", children=(1,))


OTHER = Former(connection({"updown": "/bin/true"}, dpd_delay="1m"))
CHILD = Former(connection({"updown": "/bin/true"}))


def made(there: FoundSas, child: str = "", **options: t.Any) -> tuple[t.Any, ...]:
    """Return what a plan makes anew: the children, what ends, what comes first, what is settled."""
    one = step(there, "reestablished", child, **options)
    assert isinstance(one, Reestablish)
    return one.children, one.former.ikes, one.former.children, one.first, set(one.settled)


def test_nothing_to_bring_into_force() -> None:
    assert step(found(ike(1, a=1, b=2)), "reestablished") is None
    assert step(found(), "reestablished") == Initiate("gw", ("a", "b"))
    assert step(found(ike(1, a=1)), "reestablished", "b") == Initiate("gw", ("b",))


def test_a_child() -> None:
    there = found(ike(1, a=1, b=2), a=(CHILD,))
    for child in ("", "a"):
        assert made(there, child) == (("a",), (), (1,), True, {"a"})
    assert step(there, "reestablished", "b") is None


def test_the_ike_sa() -> None:
    there = found(ike(1, a=1, b=2), ike=(OTHER,), a=(OTHER,))
    for child in ("", "a"):  # the child's IKE SA is not in force, and takes the others along
        assert made(there, child) == (("a", "b"), (1,), (), True, {"a", IKE})
    only = found(ike(1, a=1, b=2), ike=(Former(connection(dpd_delay="1m")),))
    assert step(only, "reestablished", "a") is None  # the child itself is in force


def test_one_of_two_ike_sas() -> None:
    there = found(ike(1, a=1), ike(2, b=2), ike=(OTHER,), a=(OTHER,))
    assert made(there, "a") == (("a",), (1,), (), True, {"a"})


def test_what_must_end_before() -> None:
    unnoticed = Former(connection(dpd_timeout="1m"))
    assert made(found(ike(1, a=1, b=2), ike=(unnoticed,)))[3] is False
    virtual = connection(vips=["0.0.0.0"])
    former = Former(connection({"updown": "x"}, vips=["0.0.0.0"], dpd_delay="1m"))
    assert made(found(ike(1, a=1), section=virtual, ike=(former,)))[3] is False


def test_an_ike_sa_of_another() -> None:
    there = found(ike(1, "other", a=1, c=2), ike=(OTHER,), a=(OTHER,))
    assert made(there, "a") == (("a",), (), (1,), True, {"a"})


def test_force() -> None:
    there = found(ike(1, a=1, b=2))
    assert made(there, "a", force=True) == (("a",), (), (1,), False, set())
    assert made(there, force=True) == (("a", "b"), (1,), (), False, set())


def test_child_that_is_gone() -> None:
    there = found(ike(1, a=1, b=2, old=3))
    assert made(there) == ((), (), (3,), False, set())


def test_no_file() -> None:
    there = FoundSas({"gw": ("a",)}, {"gw": (ike(1, a=1),)}, {}, {}, 0, HOLDERS)
    with pytest.raises(ConflictError, match=r"no file has the connection.*force: true"):
        plan(there, "reestablished")
    assert made(there, force=True)[1] == (1,)


def test_not_loaded() -> None:
    with pytest.raises(ConflictError, match="charon holds no such connection; load it"):
        plan(FoundSas(), "up")
    with pytest.raises(ConflictError, match="has no such child"):
        plan(found(), "up", "nosuch")
    assert plan(FoundSas(), "down").changes == ()
    result = plan_sas([WantedSa("gw", "", "up")], FoundSas(), check_mode=True)
    assert "Check mode assumes that it will be loaded" in result.warnings[0]


TWICE = [
    [("gw", "a"), ("gw", "a")],
    [("gw", ""), ("gw", "a")],
    [("gw", "a"), ("gw", "")],
]


@pytest.mark.parametrize("entries", TWICE)
def test_twice(entries: list[tuple[str, str]]) -> None:
    with pytest.raises(InputError, match="twice"):
        check_sas([WantedSa(*entry, "up") for entry in entries])


def test_not_twice() -> None:
    check_sas([WantedSa("gw", "a", "up"), WantedSa("gw", "b", "up"), WantedSa("x", "", "up")])


WRONG: list[tuple[Options, str]] = [
    ({"connection": "a b", "state": "up"}, "connection 'a b': expected a name"),
    ({"connection": "a", "child": "b/c", "state": "up"}, "child 'b/c': expected a name"),
    ({"connection": "a", "state": "down", "force": True}, "force goes with state reestablished"),
]


@pytest.mark.parametrize(("entry", "message"), WRONG)
def test_wrong(entry: Options, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_sa(entry)
