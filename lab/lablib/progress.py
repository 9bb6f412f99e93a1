# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab says while it works: one line per step on standard error, a beat on long ones."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator

BEAT_SECONDS = 15.0


def say(message: str) -> None:
    """One line on standard error; standard output is kept for what commands print."""
    sys.stderr.write(f"lab: {message}\n")
    sys.stderr.flush()


@contextlib.contextmanager
def step(what: str, usual_seconds: int | None = None) -> Iterator[None]:
    """Announce a step, say every BEAT_SECONDS that it still runs, and how long it took."""
    usual = f" (usually about {usual_seconds} s)" if usual_seconds else ""
    say(f"{what}{usual} ...")
    start = time.monotonic()
    finished = threading.Event()

    def beat() -> None:
        while not finished.wait(BEAT_SECONDS):
            say(f"  {what}: {time.monotonic() - start:.0f} s")

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()
    say(f"  {what}: done in {time.monotonic() - start:.1f} s")
