# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the checkout importable under the collection's name, as for the unit tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

subprocess.run([CHECKOUT / "tools/link-collection"], check=True, capture_output=True)
# PyPI's ansible installs a namespace package of that name; this adds a part to it.
sys.path.insert(0, str(CHECKOUT / "build/collections"))
