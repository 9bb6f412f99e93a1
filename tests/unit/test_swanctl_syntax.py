# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The syntax of swanctl.conf: what strongSwan reads, what we write, and that both agree."""

from __future__ import annotations

import contextlib
import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import (
    SyntaxFault,
    parse,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.references import resolve
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.render import render
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import (
    Section,
    flatten,
)
from ansible_collections.ipsec.strongswan.tests.support import swanctl_texts

READ = {
    "empty": ("", {}),
    "setting": ("a = b", {"a": "b"}),
    "words": ("a =  b \t c  # d", {"a": "b c"}),
    "list": ("a = 10.0.0.0/8, fd00::/8[tcp/80]", {"a": "10.0.0.0/8, fd00::/8[tcp/80]"}),
    "equals in a value": ("a = b=c{", {"a": "b=c{"}),
    "string": ('a = "b # } c"', {"a": "b # } c"}),
    "string and words": ('a = b "c  d" e', {"a": "b c  d e"}),
    "escapes": (r'a = "\"\\\n\t\r\x"', {"a": '"\\\n\t\rx'}),
    "string over lines": ('a = "b\nc"', {"a": "b\nc"}),
    "joined lines": ('a = "b\\\nc\\\r\nd"', {"a": "bcd"}),
    "carriage return": ('a = "b\rc"\r\nd = e\r\n', {"a": "bc", "d": "e"}),
    "no value": ("a = b\na =\nc = d", {"c": "d"}),
    "no value at first": ("a =\na = b", {"a": "b"}),
    "comment after blanks": (" # one\ra = b\n", {"a": "b"}),
    "comment": ("# one\ra = b\n", {}),
    "comment that ends the text": ("# one\ra = b", {"a": "b"}),
    "comment after a value": ("a = b # one\ra = c\n", {"a": "b"}),
    "reference twice": (
        "s : t, t { }\ns : u, t { }",
        {"s.(inherits)": "t, u"},
    ),
    "include with escapes": (r"include a\ b\#\c*", {"(includes)": r"a b#\c*"}),
    "include of words and a string": ('include a"b c"', {"(includes)": "ab c"}),
    "include of nothing": ("include \na = b", {"a": "b", "(includes)": ""}),
    "an include and a setting": ("include x a = b", {"a": "b", "(includes)": "x"}),
    "a setting like an include": ("included = b", {"included": "b"}),
    "empty string": ('a = ""', {"a": ""}),
    "the last counts": ("a = b\na = c", {"a": "c"}),
    "section": ("s { a = b\n}", {"s.a": "b"}),
    "section in one line": ("s { t { a = b } }", {"s.t.a": "b"}),
    "brace on its own line": ("s # one\n{\n a = b }", {"s.a": "b"}),
    "twice": ("s { a = b\n}\ns { c = d\n}", {"s.a": "b", "s.c": "d"}),
    "empty section": ("s { }", {"s": "without settings"}),
    "reference": ("s : t.u, v { a = b }", {"s.a": "b", "s.(inherits)": "t.u, v"}),
    "include": ("include conf.d/*.conf\na = b", {"a": "b", "(includes)": "conf.d/*.conf"}),
    "include of a string": ('s { include "a b" }', {"s.(includes)": "a b"}),
    "a setting called include": ("include= b", {"include": "b"}),
}


@pytest.mark.parametrize(("text", "settings"), READ.values(), ids=READ)
def test_read(text: str, settings: dict[str, str]) -> None:
    assert flatten(parse(text)) == settings


FAULTS = {
    "not closed": ("a = b\ns {\n", 2, "section 's' is not closed"),
    "closed too often": ("s {\n}\n\n}", 4, "unexpected '}'"),
    "no value": ("s\n\n", 3, "end of file"),
    "string not closed": ('a = b\nb = "c', 2, "not closed"),
    "string as a name": ('"a" = b', 1, "expected a name"),
    "dot": ("a.b = c", 1, "unexpected '.'"),
    "include at the end": ("include ", 1, "end of file"),
    "NUL": ("a = b\n\0", 2, "NUL byte"),
    "nested": ("s {\n" * 51, 51, "nested more than 50"),
    "nested without end": ("s{" * 100_000, 1, "nested more than 50"),
    "no reference": ("a = b\ns : {\n}", 2, "expected the name of a section"),
}


@pytest.mark.parametrize(("text", "line", "words"), FAULTS.values(), ids=FAULTS)
def test_faults(text: str, line: int, words: str) -> None:
    with pytest.raises(SyntaxFault, match=words) as caught:
        parse(text)
    assert caught.value.line == line


def test_lines_of_sections() -> None:
    root = parse("# one\n\nconnections {\n  a {\n  }\n\n  b { }\n}\n")
    assert [section.line for section in root.children("connections").values()] == [4, 7]


def test_render() -> None:
    child = Section("net", {"local_ts": "0.0.0.0/0, ::/0", "updown": 'a "b" # \\c'})
    inner = Section(
        "gw", {"version": "2", "none": ""}, {"children": Section("children", {}, {"net": child})}
    )
    root = Section("", {}, {"connections": Section("connections", {}, {"gw": inner})})
    assert render(root) == (
        "connections {\n"
        "  gw {\n"
        "    version = 2\n"
        '    none = ""\n'
        "    children {\n"
        "      net {\n"
        "        local_ts = 0.0.0.0/0, ::/0\n"
        '        updown = "a \\"b\\" # \\\\c"\n'
        "      }\n"
        "    }\n"
        "  }\n"
        "}\n"
    )


NAMES = st.text(string.ascii_letters + string.digits + "_-%*/", min_size=1, max_size=9).filter(
    lambda name: name != "include"
)
VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


def named(
    settings: dict[str, str | None],
    sections: dict[str, Section],
    references: list[str],
    includes: list[str],
) -> Section:
    """Return a section whose inner ones bear the names that they are filed under."""
    return Section(
        "",
        {name: value for name, value in settings.items() if value is not None},
        {name: replace(one, name=name) for name, one in sections.items()},
        tuple(references),
        tuple(includes),
        unset=tuple(name for name, value in settings.items() if value is None),
    )


SETTINGS = st.dictionaries(NAMES, st.none() | VALUES, max_size=4)
REFERENCES = st.lists(NAMES, max_size=2, unique=True)
INCLUDES = st.lists(VALUES, max_size=1)
INNER = st.recursive(
    st.builds(named, SETTINGS, st.just({}), REFERENCES, INCLUDES),
    lambda inner: st.builds(
        named, SETTINGS, st.dictionaries(NAMES, inner, max_size=3), REFERENCES, INCLUDES
    ),
    max_leaves=8,
)
TREES = INNER.map(lambda tree: replace(tree, references=()))  # a root has none


@settings(deadline=None)  # the machine may be busy
@given(TREES)
def test_what_is_rendered_is_read_as_the_same(tree: Section) -> None:
    text = render(tree)
    assert parse(text) == tree
    assert render(parse(text)) == text


@settings(deadline=None)  # the machine may be busy
@given(st.text('ab#{}:.,="\\\r\n\t include', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(SyntaxFault):
        root = parse(text)
        assert parse(render(root)) == root


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(SyntaxFault):
        root = parse(data.decode(errors="surrogateescape"))
        assert parse(render(root)) == root


@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, 10**6))
def test_generated_texts_are_read_or_refused(seed: int) -> None:
    with contextlib.suppress(FileError):
        root = parse(swanctl_texts.text(seed))
        assert parse(render(root)) == root
        resolve(root)


def test_long_texts() -> None:
    word = "x" * 1_000_000
    assert flatten(parse(f'{word} = "{word}" {word}')) == {word: f"{word} {word}"}
    many = parse("s { a = 1 }\n" * 20_000)
    assert flatten(many) == {"s.a": "1"}


def test_nul_is_not_written() -> None:
    with pytest.raises(ValueError, match="NUL"):
        render(Section("", {"a": "b\0"}))
