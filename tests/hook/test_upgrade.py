# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role replaces the hook on a host where charon runs it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.hook.charon import (
    HOOK,
    Charon,
    Sa,
    devices,
    fake_ip,
)

# as the role's run does: another file under the same name
REPLACE = 'printf "#!/bin/sh\\necho other version\\nexit 99\\n" >"{hook}.new" && mv -f "{hook}.new" "{hook}"'


@pytest.mark.parametrize("verb", ["up", "down"])
def test_a_run_ends_with_the_version_it_began_with(
    namespace: str, tmp_path: Path, verb: str
) -> None:
    """It is replaced before C(ip) fails, which has the run read the rest of itself."""
    hook = tmp_path / "updown"
    shutil.copy(HOOK, hook)
    path = fake_ip(
        tmp_path,
        f'[ ! -e {tmp_path}/now ] || {{ {REPLACE.format(hook=hook)}; echo refused; exit 1; }}\nexec $IP "$@"',
    )
    charon = Charon(namespace, path=path)
    try:
        if verb == "down":
            charon.up(Sa())
        (tmp_path / "now").touch()
        answer = charon.call(Sa().environments(verb)[0], command=str(hook))
        assert hook.read_text().startswith("#!/bin/sh\necho other version")
        assert answer.code == 1
        assert answer.output.startswith(f"{verb}-client net: failed: ")
        assert answer.output.endswith("refused\n")
        (tmp_path / "now").unlink()
        charon.up(Sa(child="other", reqid=7, mark=(7, 7)))
        assert set(devices()) == {"vti7"}
    finally:
        charon.close()
