# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of the hook, and what each refuses."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.hook.charon import (
    ME6,
    Charon,
    Device,
    Sa,
    devices,
)
from ansible_collections.ipsec.strongswan.tests.hook.test_events import (
    DUAL,
    MADE,
    MADE_DUAL,
    MADE_XFRM,
    VTI,
    XFRM,
)
from ansible_collections.ipsec.strongswan.tests.support import shell

MADE_BY = {
    "": (VTI, "vti42", MADE),
    "--mode create": (VTI, "vti42", MADE),
    "--mode=create": (VTI, "vti42", MADE),
    "--device tunnel": (VTI, "tunnel", MADE),
    "--device t.%m_%r-%c": (VTI, "t.42_1-net", MADE),
    "--device vti%m --kind vti": (VTI.but(if_id=(9, 9)), "vti42", MADE),
    "--device x%i": (XFRM, "x7", MADE_XFRM),
    "--kind xfrm": (XFRM.but(mark=(42, 42)), "xfrm7", MADE_XFRM),
    "--remote any": (VTI, "vti42", MADE.but(ends=("192.0.2.1", "any"))),
    "--remote peer": (VTI, "vti42", MADE),
    "--route 10.9.0.0/16 --route 10.8.0.0/16": (
        VTI,
        "vti42",
        MADE.but(routes=("10.8.0.0/16", "10.9.0.0/16")),
    ),
    "--route 10.9.0.1": (VTI, "vti42", MADE.but(routes=("10.9.0.1",))),
    "--route 10.9.0.0/16 --route fd09::/64": (
        DUAL,
        "vti42",
        MADE_DUAL.but(routes=("10.9.0.0/16", "fd09::/64")),
    ),
    "--route 10.9.0.0/16 --routes peer": (
        VTI,
        "vti42",
        MADE.but(routes=("10.1.0.0/16", "10.9.0.0/16")),
    ),
    "--route 10.1.0.0/16 --routes peer": (VTI, "vti42", MADE),
    "--route 0.0.0.0/0": (VTI, "vti42", MADE.but(routes=("default",))),
    "--routes none": (VTI, "vti42", MADE.but(routes=())),
    "--table 77": (VTI, "vti42", MADE.but(routes=("10.1.0.0/16@77",))),
    "--table main": (VTI, "vti42", MADE),
    "--metric 50": (VTI, "vti42", MADE.but(routes=("10.1.0.0/16 metric 50",))),
    "--table 77 --metric 50": (
        VTI.but(pairs=(("10.3.0.1/32", "0.0.0.0/0"),)),
        "vti42",
        MADE.but(routes=("default@77 metric 50",)),
    ),
    "--mtu 1280": (VTI, "vti42", MADE.but(mtu=1280)),
    "--mtu 1300": (XFRM, "xfrm7", MADE_XFRM.but(mtu=1300)),
    "--vrf blue": (VTI, "vti42", MADE.but(master="blue", routes=("10.1.0.0/16@10",))),
    "--vrf blue --table 77": (VTI, "vti42", MADE.but(master="blue", routes=("10.1.0.0/16@77",))),
}


@pytest.mark.parametrize("arguments", MADE_BY)
def test_makes(charon: Charon, arguments: str) -> None:
    shell.ip_batch("link add blue type vrf table 10", "link set blue up")
    sa, name, device = MADE_BY[arguments]
    charon.up(sa, arguments)
    assert devices() == {name: device}
    charon.up(sa.but(uid=2), arguments)
    assert devices() == {name: device}
    charon.down(sa, arguments)
    assert devices() == {name: device}
    charon.down(sa.but(uid=2), arguments)
    assert devices() == {}


def sysctl(device: str, key: str) -> str:
    """Return a sysctl of a device."""
    family, name = key.split(".")
    return Path(f"/proc/sys/net/{family}/conf/{device}/{name}").read_text().strip()


@pytest.mark.parametrize("sa", [VTI, XFRM], ids=["vti", "xfrm"])
def test_sysctls(charon: Charon, sa: Sa) -> None:
    charon.up(sa, "--device t.0 --sysctl ipv4.rp_filter=2 --sysctl ipv4.forwarding=0")
    assert (sysctl("t.0", "ipv4.rp_filter"), sysctl("t.0", "ipv4.forwarding")) == ("2", "0")
    wanted = "1" if sa is VTI else "0"
    assert sysctl("t.0", "ipv4.disable_policy") == wanted
    assert sysctl("t.0", "ipv6.disable_policy") == wanted
    assert set(devices()) == {"t.0"}


@pytest.mark.parametrize("key", ["ipv4.no_such=1", "ipv6.mtu=nonsense"])
def test_sysctl_that_the_kernel_refuses(charon: Charon, key: str) -> None:
    line = charon.refused(VTI, f"--sysctl {key}")
    assert "failed: /proc/sys/net/" in line
    assert "does not take" in line
    assert devices() == {}


WRONG = (
    "--mode",
    "--mode other",
    "--no-such thing",
    "word",
    "--kind gre",
    "--remote 192.0.2.2",
    "--route 10.1.0.0/16/7",
    "--route nonsense",
    "--route '10.1.0.0/16 dev eth0'",
    "--routes all",
    "--table 0",
    "--table 4294967296",
    "--table 010",
    "--metric -1",
    "--mtu 67",
    "--mtu 65536",
    "--vrf 'a b'",
    "--sysctl rp_filter=2",
    "--sysctl ipv4.rp_filter",
    "--sysctl ipv4.../../x=1",
    "--sysctl ipv4./x=1",
    "--on-down reboot",
    "--protocol 256",
    "--state relative",
)


@pytest.mark.parametrize("arguments", WRONG)
def test_wrong_options(charon: Charon, arguments: str) -> None:
    line = charon.refused(VTI, arguments, code=2)
    assert line.startswith("updown: ")
    assert "docs/hook.md" in line
    assert devices() == {}
    assert not charon.state.exists()


REFUSED: dict[str, tuple[Sa, str]] = {
    "--device a_name_of_16_chr": (VTI, "is no name of a device"),
    "--device net-%c": (VTI.but(child="a_long_name_of_a_child"), "is no name of a device"),
    "--device a/b": (VTI, "is no name of a device"),
    "--device -x": (VTI, "is no name of a device"),
    "--device all": (VTI, "is no name of a device"),
    "--device ip_vti0": (VTI, "not for the hook"),
    "--device x%q": (VTI, "expected %m, %i, %c or %r"),
    "--device x%i": (VTI, "the SA has no if_id"),
    "--device x%m": (XFRM, "the SA has no mark"),
    "": (VTI.but(mark=None), "the SA has no mark"),
    "--device tunnel": (VTI.but(mark=None), "a VTI takes a mark"),
    "--kind xfrm --device x": (VTI, "the SA has no if_id"),
    "--kind vti6": (VTI, "refused: --kind vti6"),
    "--kind vti": (VTI.but(me=ME6, peer="2001:db8::2"), "refused: --kind vti"),
    "--vrf no-such": (VTI, "no-such"),
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_refused(charon: Charon, arguments: str) -> None:
    sa, words = REFUSED[arguments]
    assert words in charon.refused(sa, arguments)
    assert devices() == {}
    # and leaves nothing that stands in the way later
    charon.up(XFRM)
    charon.down(XFRM)
    assert devices() == {}


def test_run(charon: Charon, tmp_path: Path) -> None:
    program = tmp_path / "user's program"
    told = tmp_path / "told"
    program.write_text(f'#!/bin/sh\necho "$PLUTO_VERB $STRONGSWAN_VTI_DEVICE" >>{told}\n')
    program.chmod(0o755)
    arguments = f"--run {shlex.quote(str(program))}"
    charon.up(DUAL, arguments)
    charon.down(DUAL, arguments)
    assert told.read_text().splitlines() == [
        "up-client vti42",
        "up-client-v6 vti42",
        "down-client vti42",
        "down-client-v6 vti42",
    ]


@pytest.mark.parametrize("program", ["/no/such/program", "/bin/false"])
def test_run_that_fails(charon: Charon, program: str) -> None:
    answer = charon.call(VTI.environments("up")[0], f"--run {program}")
    assert answer.code == 0
    assert f"--run {program} ended with " in answer.output.splitlines()[-1]
    assert devices() == {"vti42": MADE}


def test_line_tells_what_was_done(charon: Charon) -> None:
    assert charon.up(DUAL) == [
        "up-client net: vti42 made, 10.3.0.1, fd33::1, route 10.1.0.0/16",
        "up-client-v6 net: vti42, 10.3.0.1, fd33::1, route fd01::/64",
    ]
    assert charon.down(DUAL) == [
        "down-client net: vti42 removed",
        "down-client-v6 net: nothing of it is here",
    ]
    (line,) = charon.up(VTI.but(pairs=(("10.3.0.1/32", "0.0.0.0/0"),)))
    assert line == (
        "up-client net: vti42 made, 10.3.0.1, no route 0.0.0.0/0: it would carry the tunnel's own packets"
    )


def test_ipv6_is_off(charon: Charon) -> None:
    """An IPv6 address does not keep the IPv4 part of an SA from coming up."""
    for one in ("all", "default"):
        Path(f"/proc/sys/net/ipv6/conf/{one}/disable_ipv6").write_text("1")
    charon.up(DUAL.but(pairs=DUAL.pairs[:1]))
    assert devices() == {"vti42": Device()}
