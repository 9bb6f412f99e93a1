# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of the updown hook: an event runs before the later ones are read, and needs none of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.support import updown_hook

CHECKOUT = Path(__file__).resolve().parents[2]
PARTS = updown_hook.parts(CHECKOUT)
RUN = "-run"  # ends the names of the parts that run what has been read so far
FUNCTION = re.compile(r"^(\w+)\(\) \{(.*?)^\}$", re.MULTILINE | re.DOTALL)
NO_CODE = re.compile(r"\$\{[^}]*\}|(^|\s)#.*|'[^']*'|\"[^\"]*\"", re.MULTILINE)
COMMAND = re.compile(
    r"(?:^|[;&|!({)]|\b(?:then|else|do|until|while|if|elif)\b)[ ]*(\w+)(?![\w=-])", re.MULTILINE
)
DISPATCH = "reached"  # calls what the event needs, which is read by then


def functions(part: Path) -> dict[str, str]:
    """Return the functions of a part, with their bodies."""
    return dict(FUNCTION.findall(part.read_text()))


DEFINED = {name: part for part in PARTS for name in functions(part)}


def calls(body: str) -> list[str]:
    """Return what a body calls, in its order."""
    return [word for word in COMMAND.findall(NO_CODE.sub("", body)) if word in DEFINED]


def read_with(part: Path) -> Path:
    """Return the last part that is read before the functions of a part can run."""
    return min(one for one in PARTS if one.name.endswith(RUN) and one >= part)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_it_needs_no_later_part_without_reading_it(part: Path) -> None:
    end = read_with(part)
    for name, body in functions(part).items():
        if name == DISPATCH:
            continue
        done: list[str] = []
        for called in calls(body):
            late = DEFINED[called] > end
            assert not late or "more" in done, f"{part.name}: {name} calls {called} before more"
            done.append(called)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_it_has_one_idea(part: Path) -> None:
    text = part.read_text()
    assert len(text.splitlines()) <= 200
    assert text.endswith("\n")


def test_the_first_part_begins_a_program_and_no_other_does() -> None:
    assert [part for part in PARTS if part.read_text().startswith("#!")] == PARTS[:1]
    assert PARTS[-1].name.endswith(RUN)


def test_no_function_is_defined_twice() -> None:
    names = [name for part in PARTS for name in functions(part)]
    assert sorted(names) == sorted(set(names))
