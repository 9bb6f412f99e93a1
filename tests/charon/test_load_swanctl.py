# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's load-swanctl: what cannot be loaded is told, and keeps nothing else from being loaded."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.support import shell

LOADER = Path(__file__).resolve().parents[2] / "roles/strongswan_vti/files/load-swanctl"
MAIN = daemon.SWANCTL / "swanctl.conf"
OURS = """\
connections {
  ours {
    remote_addrs = 192.0.2.9
  }
}
secrets {
  ike-ours {
    id = ours.example
    secret = none that anybody uses
  }
}
"""
LEFT_OUT = "is left out"


def load() -> tuple[int, str]:
    """Run it as the unit does; return its exit code and what it complains about."""
    done = subprocess.run(["sh", str(LOADER)], capture_output=True, text=True, check=False)
    assert sorted(daemon.SWANCTL.glob(".*")) == []
    return done.returncode, done.stderr


def complaints(said: str) -> list[str]:
    """Return what it says itself, beside swanctl's own words, as errors for the journal."""
    return [line for line in said.splitlines() if line.startswith("<3>load-swanctl: ")]


@pytest.fixture(autouse=True)
def ours() -> None:
    """A file that is in order."""
    daemon.write("ours.conf", OURS)


def test_loads_what_load_all_loads() -> None:
    assert load() == (0, "")
    assert daemon.held() == {"ours", "ike-ours"}


def test_unloads_what_is_in_no_file() -> None:
    daemon.write("other.conf", "connections {\n  other {\n  }\n}\n")
    load()
    assert "other" in daemon.held()
    (daemon.FOLDER / "other.conf").unlink()
    assert load() == (0, "")
    assert daemon.held() == {"ours", "ike-ours"}


def test_load_all_unloads_everything_for_one_syntax_error() -> None:
    """Why there is a loader: if this fails one day, it is no longer needed for that."""
    load()
    daemon.write("foreign.conf", "connections {\n  foreign {\n")
    shell.run("swanctl --load-all --noprompt")
    assert daemon.held() == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("connections {\n  foreign {\n", "unexpected end of file"),
        ("connections {\n}\n}\n", "foreign.conf:3: syntax error"),
        ('connections {\n  a = "b\n}\n', "unterminated string"),
    ],
)
def test_leaves_out_a_file_with_a_syntax_error(text: str, words: str) -> None:
    path = daemon.write("foreign.conf", text)
    code, said = load()
    assert code == 1
    [complaint] = complaints(said)
    assert f"{path} {LEFT_OUT}" in complaint
    assert words in complaint
    assert daemon.held() == {"ours", "ike-ours"}


def test_keeps_what_is_loaded_when_a_file_breaks() -> None:
    load()
    daemon.write("foreign.conf", "}")
    load()
    assert daemon.held() == {"ours", "ike-ours"}


def test_finds_each_of_several_broken_files() -> None:
    for number in range(9):
        daemon.write(f"good {number}.conf", f"connections {{\n  good{number} {{\n  }}\n}}\n")
    bad = [daemon.write(f"{name}.conf", "}") for name in ("a", "good 4 [old]*", 'z "quoted"')]
    code, said = load()
    assert code == 1
    for path, line in zip(bad, complaints(said), strict=True):
        assert f"file {path} {LEFT_OUT}" in line
    assert daemon.held() == {"ours", "ike-ours", *(f"good{number}" for number in range(9))}


def test_names_with_special_characters_are_loaded_beside_a_broken_file() -> None:
    daemon.write('it is "ours" [2] \\*?.conf', "connections {\n  special {\n  }\n}\n")
    daemon.write("foreign.conf", "}")
    load()
    assert "special" in daemon.held()


def test_keeps_the_rest_of_the_main_file() -> None:
    MAIN.write_text("connections {\n  main {\n  }\n}\ninclude conf.d/*.conf\n")
    daemon.write("foreign.conf", "}")
    load()
    assert daemon.held() == {"main", "ours", "ike-ours"}


def test_leaves_out_a_main_file_with_a_syntax_error() -> None:
    MAIN.write_text("connections {\ninclude conf.d/*.conf\n")
    code, said = load()
    assert code == 1
    [complaint] = complaints(said)
    assert f"file {MAIN} {LEFT_OUT}" in complaint
    assert daemon.held() == {"ours", "ike-ours"}


def test_unloads_nothing_without_the_main_file() -> None:
    load()
    text = MAIN.read_text()
    MAIN.unlink()
    try:
        code, said = load()
    finally:
        MAIN.write_text(text)
    assert code == 1
    assert "nothing is loaded or unloaded" in said
    assert daemon.held() == {"ours", "ike-ours"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pools {\n  p {\n    addrs = nonsense\n  }\n}\n", "loading pool 'p' failed"),
        ("authorities {\n  a {\n    cacert = no.pem\n  }\n}\n", "no.pem' failed"),
        (
            "connections {\n  c {\n    proposals = nonsense\n  }\n}\n",
            "loading connection 'c' failed",
        ),
    ],
)
def test_loads_the_rest_when_charon_refuses_one(text: str, words: str) -> None:
    daemon.write("foreign.conf", text)
    code, said = load()
    assert code == 1
    assert words in said
    assert "are loaded: see above" in said
    assert daemon.held() == {"ours", "ike-ours"}


def test_says_no_secret() -> None:
    daemon.write("foreign.conf", 'secrets {\n  ike-x {\n    secret = "deeply hidden"\n  }\n}\n}')
    _code, said = load()
    assert "hidden" not in said
    assert complaints(said)
