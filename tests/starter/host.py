# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The node's starter and its charon: started, stopped and asked by strongSwan's own commands."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.answers import (
    loaded_conns,
)
from ansible_collections.ipsec.strongswan.tests.support import shell

UNIT = "strongswan-starter"
CONFIG = Path("/etc/ipsec.conf")
SECRETS = Path("/etc/ipsec.secrets")
FOLDER = Path("/etc/ipsec.d/ipsec.strongswan")
START = 30.0  # seconds; an emulated charon takes some

TEXTS = {
    CONFIG: "# by hand\nconfig setup\n\nconn by-hand\n\tright=192.0.2.99\n\tauto=add\n",
    SECRETS: "# by hand\n",
}


def start(*names: str) -> None:
    """Start starter, and wait until its charon holds what is by hand, and these connections."""
    shell.run(f"systemctl start {UNIT}")
    _wait_for({"by-hand", *names})


def _wait_for(names: set[str]) -> None:
    end = time.monotonic() + START
    while not names <= loaded():
        assert time.monotonic() < end, f"charon does not hold {names}: {loaded()}"
        time.sleep(0.05)


def stop() -> None:
    """Stop starter and its charon."""
    shell.run(f"systemctl stop {UNIT}")


def prepare() -> None:
    """Start starter if it does not run, and let its charon hold only what is by hand."""
    shell.run(f"systemctl start {UNIT}")
    end = time.monotonic() + START
    while loaded() != {"by-hand"}:
        assert time.monotonic() < end, f"charon holds {loaded()}"
        subprocess.run(["ipsec", "update"], capture_output=True, check=False)
        time.sleep(0.1)


def pids() -> tuple[str, str]:
    """Return the process ids of starter and charon: other ones mean that they were restarted."""
    folder = Path("/var/run")
    return (folder / "starter.charon.pid").read_text(), (folder / "charon.pid").read_text()


def status() -> str:
    """Return what charon tells of its connections."""
    return shell.run("ipsec statusall")


def loaded() -> set[str]:
    """Return the names of the connections that charon holds."""
    try:
        return set(loaded_conns(status()))
    except AssertionError:
        return set()


def journal(cursor: str = "") -> str:
    """Return what starter and charon logged, from a cursor on."""
    since = f"--after-cursor={cursor}" if cursor else ""
    shell.run("journalctl --sync")
    return shell.run(f"journalctl --no-pager --output=cat {since}")


def cursor() -> str:
    """Return the place where the journal ends now."""
    output = shell.run("journalctl --no-pager --lines=1 --show-cursor")
    return output.rsplit("-- cursor: ", 1)[1].strip()
