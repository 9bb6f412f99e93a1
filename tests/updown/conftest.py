# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each test is a row of the table, and runs twice: with our hook and with the seed's script.

A row that fails with our hook is a failed test; with the seed's script it is a cell of the table.
"""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.support import seed_updown
from ansible_collections.ipsec.strongswan.tests.support.sampling import (
    pytest_addoption,
    pytest_collection_modifyitems,
)
from ansible_collections.ipsec.strongswan.tests.updown import site as hosts
from ansible_collections.ipsec.strongswan.tests.updown.host import HOOK
from ansible_collections.ipsec.strongswan.tests.updown.row import ROUTES, Row

__all__ = ["pytest_addoption", "pytest_collection_modifyitems", "row"]

COLUMNS = ("ours", "seed")
TABLE = Path(__file__).resolve().parents[2] / "build/updown.json"
HOLDS = "holds"

_table: list[dict[str, str]] = []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each row in both columns, but what the seed's script has no word for."""
    if "column" in metafunc.fixturenames:
        only = getattr(metafunc.module, "COLUMNS", COLUMNS)
        metafunc.parametrize("column", only)


@pytest.fixture
def row(request: pytest.FixtureRequest, column: str, tmp_path: Path) -> t.Iterator[Row]:
    """A fresh site, and a row about the host that the module names."""
    about = request.module.ABOUT
    program = seed_updown.write(tmp_path / "updown") if column == "seed" else HOOK
    programs = {"client": HOOK, "gateway": HOOK, about: program}
    with hosts.running(programs["client"], programs["gateway"]) as site:
        row = Row(site, column, getattr(site, about))
        if column == "seed":
            row.families = (4,)
        for node in (site.client, site.other):
            if node.program == HOOK:
                row.arguments[node.name] = " ".join(f"--route {one}" for one in ROUTES)
        yield row


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> t.Generator[None, object, object]:
    """Keep how a row ended; the seed's failures are no failures of ours."""
    row = pyfuncitem.funcargs.get("row")
    if not isinstance(row, Row):
        return (yield)
    outcome = HOLDS
    try:
        return (yield)
    except AssertionError as error:
        outcome = str(error)
        if row.column != "seed":
            raise
        return True
    finally:
        _table.append(
            {
                "row": _title(pyfuncitem),
                "about": row.about.name,
                "column": row.column,
                "outcome": outcome,
                "calls": " ".join(row.about.verbs()),
            }
        )


def _title(item: pytest.Function) -> str:
    """Return the first line of a row's description, with what its variants differ in."""
    text = (item.function.__doc__ or item.name).splitlines()[0].rstrip(".")
    variant = {k: v for k, v in item.callspec.params.items() if k != "column"}
    return f"{text}: {', '.join(str(one) for one in variant.values())}" if variant else text


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> t.Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of the hosts' logs with a failure."""
    report = yield
    row = getattr(item, "funcargs", {}).get("row")
    if report.failed and call.when == "call" and isinstance(row, Row):
        for node in row.site.nodes:
            if (node.folder / "log").exists():
                report.sections.append((f"calls of {node.name}", " ".join(node.verbs())))
                report.sections.append((f"{node.name} said", "\n".join(node.said())))
                tail = "\n".join(node.log().splitlines()[-25:])
                report.sections.append((f"log of {node.name}", tail))
    return report


def pytest_sessionfinish() -> None:
    """Leave the table."""
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(json.dumps(_table, indent=1))
