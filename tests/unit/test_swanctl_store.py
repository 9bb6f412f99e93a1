# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that swanctl reads: in its directory, included ones, and what sections inherit."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.include import includes
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import parse
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.references import resolve
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import (
    Section,
    flatten,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.store import (
    read_files,
    read_tree,
)

INHERITED = {
    "own settings first": ("t { a = 1\n b = 2 }\ns : t { a = 3 }", {"s.a": "3", "s.b": "2"}),
    "the first reference first": (
        "t { a = 1 }\nu { a = 2\n b = 3 }\ns : t, u { }",
        {"s.a": "1", "s.b": "3"},
    ),
    "sections": ("t { x { a = 1\n b = 2 } }\ns : t { x { a = 3 } }", {"s.x.a": "3", "s.x.b": "2"}),
    "sections of its own": (
        "t { x { a = 1 } }\ns : t { y { a = 2 } }",
        {"s.y.a": "2", "s.x.a": "1"},
    ),
    "a path": ("t { x { a = 1 } }\ns : t.x { }", {"s.a": "1"}),
    "inherited by the inherited": ("u { a = 1 }\nt : u { }\ns : t { }", {"s.a": "1"}),
    "set to nothing": ("t { a = 1\n b = 2 }\ns : t { a = }", {"s.b": "2"}),
    "inside the inherited": ("t { x : y { } }\ny { a = 1 }\ns : t { }", {"s.x.a": "1"}),
    "nothing there": ("s : t { a = 1 }", {"s.a": "1"}),
    "itself": ("s : s { a = 1 }", {"s.a": "1"}),
    "each other": ("t : s { a = 1 }\ns : t { b = 2 }", {"s.b": "2", "s.a": "1"}),
    "a part of itself": ("s : s.x { x { a = 1 } }", {"s.x.a": "1", "s.a": "1"}),
    "before it is there": ("s : t { }\nt { a = 1 }", {"s.a": "1"}),
}


@pytest.mark.parametrize(("text", "settings"), INHERITED.values(), ids=INHERITED)
def test_inherited(text: str, settings: dict[str, str]) -> None:
    assert flatten(resolve(parse(text), ["s"])) == settings


def test_inherited_without_end() -> None:
    with pytest.raises(FileError, match=r"section b\.c\.c\.c\.c\.\.\.: it inherits from itself"):
        resolve(parse("b { c : b { } }"), ["b"])
    assert resolve(parse("b { c : b { } }")) == Section()


def test_references_that_multiply() -> None:
    sections = "\n".join(f"x{number} : b {{ }}" for number in range(9))
    with pytest.raises(FileError, match="without end"):
        resolve(parse(f"b {{ {sections} }}"), ["b"])


def write(folder: Path, **texts: str) -> None:
    """Write files; V(__) in a name is a slash, and V(_conf) ends it."""
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_conf", ".conf")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, newline="")


def test_files(tmp_path: Path) -> None:
    write(
        tmp_path,
        swanctl_conf="include conf.d/*.conf\ninclude more/*.conf\nconnections { include in.txt\n}",
        more__b_conf="connections { include c.txt\n b { } }\ninclude ../swanctl.conf",
        more__c_conf="x {",
    )
    (tmp_path / "conf.d").mkdir()
    write(tmp_path / "conf.d", a_conf="connections { a { } }", b_txt="ignored")
    (tmp_path / "more" / "c.txt").write_text("c {\n}")
    (tmp_path / "in.txt").write_text("\n d { }")
    files = read_files(f"{tmp_path}/conf.d")
    found = {
        (name, Path(path).name, section.line)
        for path, file in files.items()
        for name, section in file.root.children("connections").items()
    }
    assert found == {("a", "a.conf", 1), ("b", "b.conf", 2), ("c", "c.txt", 1), ("d", "in.txt", 2)}
    assert len(files) == 6
    assert {Path(path).name for path in files} == {
        *("a.conf", "b.conf", "c.conf", "c.txt", "in.txt", "swanctl.conf")
    }


def test_tree(tmp_path: Path) -> None:
    write(
        tmp_path,
        swanctl_conf=(
            "pools { a = 1\n include in.txt\n b = 1 }\n"
            "include none/*\nsecrets : base { include in.txt }\nbase { c = 1 }"
        ),
    )
    (tmp_path / "in.txt").write_text("a = 2\r\nb = 2\nx {\n}")
    tree = read_tree(f"{tmp_path}/swanctl.conf")
    assert flatten(tree) == {
        "pools.a": "2",
        "pools.b": "1",
        "pools.x": "without settings",
        "secrets.a": "2",
        "secrets.b": "2",
        "secrets.c": "1",
        "secrets.x": "without settings",
    }
    inner = tree.children("pools")["x"]
    assert (Path(inner.file).name, inner.line) == ("in.txt", 3)


def test_faults_name_the_file(tmp_path: Path) -> None:
    main = f"{tmp_path}/swanctl.conf"
    write(tmp_path, swanctl_conf="a = 1\ninclude *.txt")
    (tmp_path / "in.txt").write_text("a {\n")
    with pytest.raises(FileError, match=r"file .*/in\.txt, line 1: section 'a' is not closed"):
        read_tree(main)
    (tmp_path / "in.txt").write_text("\n}")
    with pytest.raises(FileError, match=r"file .*/in\.txt, line 2: unexpected '}'"):
        read_tree(main)
    (tmp_path / "in.txt").write_text("include in.txt")
    with pytest.raises(FileError, match=r"file .*/in\.txt, line 1: includes are nested"):
        read_tree(main)
    with pytest.raises(FileError, match=r"file .*/none\.conf: cannot be read"):
        read_tree(f"{tmp_path}/none.conf")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "swanctl.conf"
    path.write_bytes(b"pools { a = \xff\xfe\nb = \xc3\xa4 }")
    assert flatten(read_tree(str(path))) == {"pools.a": "\udcff\udcfe", "pools.b": "ä"}


MEANT = [
    ("conf.d/*.conf", "/etc/swanctl/conf.d/a.conf", True),
    ("conf.d/*.conf", "/etc/swanctl/conf.d/.a.conf", False),
    ("conf.d/*.conf", "/etc/swanctl/conf.d/a.txt", False),
    ("conf.d/*.conf", "/etc/swanctl/conf.d/x/a.conf", False),
    ("/etc/swanctl/*/?.conf", "/etc/swanctl/conf.d/a.conf", True),
    ("", "/etc/swanctl/conf.d/a.conf", False),
]


@pytest.mark.parametrize(("pattern", "path", "meant"), MEANT)
def test_includes(pattern: str, path: str, meant: bool) -> None:
    assert includes([pattern], "/etc/swanctl/swanctl.conf", path) == meant
