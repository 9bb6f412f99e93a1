# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The syntax of ipsec.conf: parsed as starter does it, and rendered so that it comes back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.parse import (
    SyntaxFault,
    parse,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.render import render
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.sections import (
    collect,
    effective,
    missing,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.statement import (
    CA,
    CONN,
    SETUP,
    Include,
    Opening,
    Setting,
    Statement,
)

TEXT = """\
version 2.0
# a comment
config setup
\tuniqueids = no   # another

conn %default
    keyexchange=ikev2
conn vpngw # the seed's
    leftupdown=/usr/local/sbin/ipsec-notify.sh
    rightid="C=CH, O=Linux \\"x\\""
    left=
\tleft = %defaultroute  and  more
include /etc/ipsec.d/*.conf
    mark=2
ca x
    rightid=@#0a0b
"""


def test_parsed() -> None:
    assert parse(TEXT) == (
        Opening(SETUP),
        Setting("uniqueids", "no"),
        Opening(CONN, "%default"),
        Setting("keyexchange", "ikev2"),
        Opening(CONN, "vpngw"),
        Setting("leftupdown", "/usr/local/sbin/ipsec-notify.sh"),
        Setting("rightid", 'C=CH, O=Linux "x"'),
        Setting("left", None),
        Setting("left", "%defaultroute and more"),
        Include("/etc/ipsec.d/*.conf"),
        Setting("mark", "2"),
        Opening(CA, "x"),
        Setting("rightid", "@#0a0b"),
    )
    assert [one.line for one in parse(TEXT)][:3] == [3, 4, 6]


FAULTS = {
    "not indented": ("conn a\nleft=x\n", 2),
    "no value": ("conn a\n  left x\n", 2),
    "no name": ("conn\n", 1),
    "two names": ("conn a b\n", 1),
    "two equal signs": ("conn a\n  left=x=y\n", 2),
    "open string": ('conn a\n\n  left="x\n', 3),
    "indented section": ("conn a\n  conn b\n", 2),
    "unknown section": ("con a\n", 1),
}


@pytest.mark.parametrize(("text", "line"), FAULTS.values(), ids=FAULTS)
def test_fault(text: str, line: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse(text)
    assert caught.value.line == line


NAMES = st.text(st.characters(codec="ascii", exclude_characters="\0\r\n"), min_size=1)
VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
STATEMENTS: st.SearchStrategy[Statement] = st.one_of(
    st.just(Opening(SETUP)),
    st.builds(Opening, st.sampled_from([CONN, CA]), NAMES),
    st.builds(Setting, NAMES, st.none() | VALUES),
    st.builds(Include, NAMES.filter(lambda name: not name.startswith("="))),
)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(STATEMENTS))
def test_render_then_parse(statements: list[Statement]) -> None:
    assert list(parse(render(statements))) == statements


@settings(deadline=None)  # the machine may be busy
@given(st.text(st.sampled_from('conn a=\n\t "#\\include@%')))
def test_any_text(text: str) -> None:
    try:
        statements = parse(text)
    except SyntaxFault:
        return
    assert parse(render(statements)) == statements


INHERITING = """\
conn %default
  auto=add
  mark=1
conn a
  left=a
  mark=2
conn b
  also=a
  left=b
conn c
  also=a
  right=c
  mark=
conn d
  also=c
  also=b
"""


def test_inherited() -> None:
    sections = collect(("file", one) for one in parse(INHERITING))
    values = {
        name: [effective(sections[CONN, name], key, sections) for key in ("auto", "left", "mark")]
        for name in "abcd"
    }
    # a section that is inherited from inherits %default; of D C B A the first that says it counts
    assert values == {
        "a": ["add", "a", "2"],
        "b": ["add", "b", "2"],
        "c": ["add", "a", None],
        "d": ["add", "b", None],
    }


def test_sections_in_several_places() -> None:
    located = [("one", one) for one in parse("conn a\n  left=1\n  also=x\n")]
    located += [("two", one) for one in parse("conn a\n  left=2\n")]
    [section] = list(collect(located).values())
    assert section.places == [("one", 1), ("two", 1)]
    assert section.settings == {"left": "2"}
    assert missing(section, collect(located)) == ["x"]


def test_a_circle_has_an_end() -> None:
    sections = collect(("", one) for one in parse("conn a\n  also=b\nconn b\n  also=a\n"))
    assert effective(sections[CONN, "a"], "auto", sections) is None
