# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays of the checkout's role, by ansible-playbook, on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]


def play(
    folder: Path, play: dict[str, Any], hosts: dict[str, dict[str, Any]], **environment: str
) -> subprocess.CompletedProcess[str]:
    """Play something with hosts and their variables; return what ansible-playbook said.

    :param folder: Where all that it writes is.
    """
    (folder / "play.yml").write_text(json.dumps([{"connection": "local", **play}]))
    (folder / "inventory.yml").write_text(json.dumps({"all": {"hosts": hosts}}))
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-playbook")),
            f"--inventory={folder}/inventory.yml",
            str(folder / "play.yml"),
        ],
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / "build/collections"),
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_REMOTE_TEMP": str(folder / "remote"),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
