# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's keep: what is to be up for ever and has no SA is initiated, and nothing else."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

KEEP = Path(__file__).resolve().parents[2] / "roles/strongswan_vti/files/keep"
TIMEOUT = 20.0  # seconds
# It answers for charon, and notes what it is to initiate; a look that is through is noted, too.
SWANCTL = """#!/bin/sh
case $1 in
--list-sas) echo looked >>"$NOTES"; cat "$SAS" ;;
--initiate) echo "$3 $5" >>"$NOTES"; exit 1 ;;
esac
"""
CONNECTIONS = """\
# Managed by somebody
connections {
  berlin {
    keyingtries = 0
    remote {
      id = "a { in a name"
    }
    children {
      one {
        start_action = start
      }
      two {
        start_action = trap|start
      }
      other {
        start_action = trap
      }
    }
  }
  patient {
    keyingtries = 3
    children {
      patient {
        start_action = start
      }
    }
  }
  default {
    children {
      default {
        start_action = start
      }
    }
  }
}
secrets {
  ike-berlin {
    secret = "keyingtries = 0"
  }
}
"""
PARIS = """\
connections {
  paris {
    children {
      paris {
        start_action = start
      }
    }
    keyingtries = 0
  }
}
"""
ALL = {"berlin one", "berlin two", "paris paris"}
SA = "{}: #1, {}, IKEv2, 0123456789abcdef_i* 0123456789abcdef_r\n  {}: #1, reqid 1, INSTALLED\n"


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("", ALL),
        (SA.format("paris", "ESTABLISHED", "paris"), ALL - {"paris paris"}),
        (SA.format("berlin", "CONNECTING", "one"), {"paris paris"}),
        (SA.format("berlin-2", "ESTABLISHED", "one"), ALL),
    ],
    ids=["none is up", "one is up", "one is being made", "another one has a name like it"],
)
def test_initiates_what_has_no_sa(listed: str, expected: set[str], tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d/berlin.conf").write_text(CONNECTIONS)
    (tmp_path / "conf.d/paris.conf").write_text(PARIS)
    assert set(notes(listed, tmp_path)) == expected


def test_asks_nothing_where_nothing_is_to_be_up_for_ever(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d/quiet.conf").write_text(CONNECTIONS.replace("keyingtries = 0", ""))
    assert notes("", tmp_path, looks=0) == []


def notes(listed: str, folder: Path, looks: int = 2) -> list[str]:
    """Let it look so often, and return what it initiated.

    :param listed: What swanctl lists.
    """
    noted, sas = folder / "notes", folder / "sas"
    noted.touch()
    sas.write_text(listed)
    swanctl = folder / "swanctl"
    swanctl.write_text(SWANCTL)
    swanctl.chmod(0o755)
    environment = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "SWANCTL_DIR": str(folder),
        "NOTES": str(noted),
        "SAS": str(sas),
    }
    with subprocess.Popen(["sh", str(KEEP), "0.1"], env=environment) as process:
        deadline = time.monotonic() + TIMEOUT
        while noted.read_text().count("looked") < looks and time.monotonic() < deadline:
            time.sleep(0.05)
        if not looks:
            time.sleep(0.5)
        process.terminate()
    lines = noted.read_text().splitlines()
    assert lines.count("looked") >= looks
    return [line for line in lines if line != "looked"]
