# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `ansible-test` runs to get pip into its virtual environments, in place of a download.

ansible-test would fetch a get-pip script from a host of its own. This does the same with what is at
hand: the pip that Python's ensurepip carries installs what is asked for, from the package index.
"""

from __future__ import annotations

import ensurepip
import runpy
import sys
from pathlib import Path

NOT_FOR_PIP = {"--no-setuptools", "--no-wheel"}  # options of get-pip itself


def main() -> None:
    """Run the carried pip with the command line of get-pip."""
    carried = sorted((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
    if not carried:
        sys.exit("get_pip: error: this Python carries no pip: install python3-venv")
    wanted = [word for word in sys.argv[1:] if word not in NOT_FOR_PIP]
    sys.path.insert(0, str(carried[-1]))
    sys.argv = ["pip", "install", "--upgrade", *wanted]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
