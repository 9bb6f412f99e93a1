# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans of connections: files and charon as found, against what is wanted."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    Drop,
    FileStep,
    Found,
    Put,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.connection import (
    plan_connections,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject

FOLDER = "/etc/swanctl/conf.d"


def wanted(name: str = "gw", state: str = "present", **options: t.Any) -> ConfigObject:
    """Return a connection with a child of the same name."""
    entry = {"version": 2, "children": [{"name": name}], **options, "name": name, "state": state}
    return parse_connection(entry)


def file(one: ConfigObject, owner: str = "default", mode: int = 0o600) -> ConfigFile:
    """Return the file of a connection."""
    return ConfigFile(f"{FOLDER}/connection-{one.name}.conf", one.text(owner), mode)


def found(*files: ConfigFile, loaded: str = "", **more: t.Any) -> Found:
    """Return a host with these files, and connections with these names in charon."""
    return Found({one.path: one for one in files}, frozenset(loaded.split()), **more)


def plan(one: ConfigObject | list[ConfigObject], there: Found, **policy: t.Any) -> Plan[FileStep]:
    """Return the plan for one or several connections."""
    listed = one if isinstance(one, list) else [one]
    return plan_connections(listed, there, Policy(**policy), FOLDER)


def actions(result: Plan[FileStep]) -> list[tuple[str, str, str]]:
    """Return object, action and reason of all changes."""
    return [
        (change.object, action.action, action.reason)
        for change in result.changes
        for action in change.actions
    ]


def only_step(result: Plan[FileStep]) -> FileStep:
    """Return the one step of a plan."""
    (change,) = result.changes
    (step,) = change.steps
    return step


def test_create() -> None:
    one = wanted()
    result = plan(one, found())
    assert actions(result) == [("connection gw", "create", "it does not exist")]
    path = f"{FOLDER}/connection-gw.conf"
    assert only_step(result) == Put(
        "connection gw", path, one.text("default"), one.section, load=True, write=True
    )
    assert result.changes[0].before is None
    assert result.changes[0].after == {
        "owner": "default",
        "version": "2",
        "children.gw": "without settings",
        "loaded": True,
    }


def test_unchanged() -> None:
    assert plan(wanted(), found(file(wanted()), loaded="gw")).changes == ()


def test_same_value_in_another_notation() -> None:
    there = found(file(wanted(rekey_time="60m")), loaded="gw")
    assert plan(wanted(rekey_time="1h"), there).changes == ()


def test_change_keeps_the_former_one_to_go_back_to() -> None:
    former = wanted(mobike=True, encap=True)
    result = plan(wanted(mobike=False), found(file(former), loaded="gw"))
    assert actions(result) == [
        ("connection gw", "change", "mobike is yes, wanted no; encap is yes, wanted not set")
    ]
    step = only_step(result)
    assert isinstance(step, Put)
    assert step.former == former.section
    assert (step.load, step.write) == (True, True)
    before = result.changes[0].before
    assert before is not None
    assert before["encap"] == "yes"


def test_not_loaded() -> None:
    result = plan(wanted(), found(file(wanted())))
    assert actions(result) == [("connection gw", "load", "not loaded in the daemon")]
    step = only_step(result)
    assert isinstance(step, Put)
    assert (step.load, step.write, step.former) == (True, False, None)


def test_mode() -> None:
    result = plan(wanted(), found(file(wanted(), mode=0o640), loaded="gw"))
    assert actions(result) == [("connection gw", "change", "the file's mode is 0640, wanted 0600")]
    step = only_step(result)
    assert isinstance(step, Put)
    assert (step.load, step.write) == (False, True)


def test_file_that_is_broken() -> None:
    broken = ConfigFile(f"{FOLDER}/connection-gw.conf", wanted().text("default") + "}", 0o600)
    result = plan(wanted(), found(broken, loaded="gw"))
    assert "cannot be parsed, line " in actions(result)[0][2]


def test_something_more_in_the_file() -> None:
    more = ConfigFile(
        f"{FOLDER}/connection-gw.conf", wanted().text("default") + "include x\n", 0o600
    )
    result = plan(wanted(), found(more, loaded="gw"))
    assert actions(result)[0][2] == "(includes) is x, wanted not set"


def test_owners() -> None:
    there = found(file(wanted(), owner="one"), loaded="gw")
    same = plan(wanted(), there)
    assert actions(same) == [("connection gw", "adopt", "it belongs to owner 'one'")]
    step = only_step(same)
    assert isinstance(step, Put)
    assert (step.load, step.write) == (False, True)
    with pytest.raises(ConflictError, match=r"owner 'one'.*encap is not set, wanted yes"):
        plan(wanted(encap=True), there)
    with pytest.raises(ConflictError, match="it is to be removed"):
        plan(wanted(state="absent"), there)
    assert plan(wanted(encap=True), there, adopt=True).changes
    assert plan(wanted(state="absent"), there, adopt=True).changes
    assert plan(wanted(encap=True), there, owner="one").changes


def test_absent() -> None:
    gone = wanted(state="absent")
    path = f"{FOLDER}/connection-gw.conf"
    assert plan(gone, found()).changes == ()
    assert only_step(plan(gone, found(file(wanted()), loaded="gw"))) == Drop(
        "connection gw", path, ("gw",)
    )
    assert only_step(plan(gone, found(file(wanted())))) == Drop("connection gw", path, ())
    assert only_step(plan(gone, found(loaded="gw x"))) == Drop("connection gw", "", ("gw",))


def test_purge_comes_last_and_takes_our_own_alone() -> None:
    there = found(
        file(wanted("a")),
        file(wanted("b"), owner="two"),
        ConfigFile(f"{FOLDER}/secret-c.conf", "# ipsec.strongswan:default;\n", 0o600),
        ConfigFile(f"{FOLDER}/d.conf", "connections { d { } }", 0o600),
        loaded="a b d",
    )
    result = plan([wanted("z")], there, purge=True)
    assert [(one, what) for one, what, _why in actions(result)] == [
        ("connection z", "create"),
        ("connection a", "remove"),
    ]
    assert [one for one, _what, _why in actions(plan([], there, purge=True))] == ["connection a"]
    assert plan([], there).changes == ()


FOREIGN = ConfigFile(
    f"{FOLDER}/other.conf", "connections {\n far {\n  children {\n   net { }\n  }\n }\n}\n", 0o644
)


def test_name_in_another_file() -> None:
    for state in ("present", "absent"):
        with pytest.raises(ConflictError, match=r"other\.conf, line 2, defines connections\.far"):
            plan(wanted("far", state=state), found(FOREIGN, loaded="far"), adopt=True)


def test_child_in_another_file() -> None:
    one = wanted("gw", children=[{"name": "net"}])
    words = r"connection gw: its child 'net'.*connection far \(file .*other\.conf, line 4\)"
    with pytest.raises(ConflictError, match=words):
        plan(one, found(FOREIGN))


def test_child_of_a_connection_that_goes_or_changes() -> None:
    there = found(file(wanted("a", children=[{"name": "net"}])), loaded="a")
    moved = wanted("b", children=[{"name": "net"}])
    with pytest.raises(ConflictError, match="child 'net'"):
        plan(moved, there)
    assert plan([moved], there, purge=True).changes
    assert plan([moved, wanted("a")], there).changes
    assert plan([moved, wanted("a", state="absent")], there).changes


def test_foreign_file_that_is_broken() -> None:
    broken = ConfigFile(f"{FOLDER}/x.conf", "a {", 0o600)
    (warning,) = plan(wanted(), found(broken)).warnings
    assert f"file {FOLDER}/x.conf: line 1: section 'a' is not closed" in warning


MAIN = FOLDER.rpartition("/")[0] + "/swanctl.conf"


@pytest.mark.parametrize("line", ["", "include other.d/*.conf", "x { include conf.d/*.conf }"])
def test_files_that_are_not_included(line: str) -> None:
    main = ConfigFile(MAIN, line, 0o600)
    (warning,) = plan(wanted(), found(main)).warnings
    assert f"file {MAIN}: it does not include {FOLDER}/*.conf" in warning
    assert not plan(wanted(state="absent"), found(main)).warnings


def test_files_that_are_included() -> None:
    for line in ("include conf.d/*.conf", f"include {FOLDER}/connection-*"):
        assert not plan(wanted(), found(ConfigFile(MAIN, line, 0o600))).warnings


def test_purge_leaves_other_directories_alone() -> None:
    one = wanted("a")
    elsewhere = ConfigFile("/srv/connection-a.conf", one.text("default"), 0o600)
    assert not plan([], found(elsewhere, loaded="a"), purge=True).changes


def test_missing_certificate() -> None:
    there = found(missing={"gw": ["/etc/swanctl/x509/moon.pem"]})
    with pytest.raises(ConflictError, match=r"file /etc/swanctl/x509/moon\.pem does not exist"):
        plan(wanted(), there)
    result = plan(wanted(), there, check_mode=True)
    assert "moon.pem" in result.warnings[0]
    assert result.changes


def test_replaces_what_no_file_defines() -> None:
    result = plan(wanted(), found(loaded="gw"))
    assert "no file has it" in actions(result)[0][2]
    step = only_step(result)
    assert isinstance(step, Put)
    assert step.former is None


def test_sections_compare_without_lines() -> None:
    assert Section("a", line=1) == Section("a", line=2)
