# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is in the way, and what fails: nothing foreign is touched, nothing is left half-done."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.hook.charon import (
    ALIAS,
    HOOK,
    ME,
    PEER,
    Charon,
    Sa,
    devices,
    fake_ip,
)
from ansible_collections.ipsec.strongswan.tests.hook.test_events import (
    DUAL,
    KINDS,
    MADE,
    MADE_DUAL,
    MADE_XFRM,
    VTI,
    XFRM,
)
from ansible_collections.ipsec.strongswan.tests.support import shell

FOREIGN = {
    "unmarked": ("",),
    "somebody's": ("link set dev foreign alias mine",),
    "another owner's": ("link set dev foreign alias ipsec.strongswan:default",),
    "almost ours": (f"link set dev foreign alias {ALIAS}x",),
}


@pytest.mark.parametrize("mark", FOREIGN)
@pytest.mark.parametrize("verb", ["up", "down"])
def test_foreign_device_of_that_name(charon: Charon, mark: str, verb: str) -> None:
    made = f"link add foreign type vti local {ME} remote {PEER} ikey 42 okey 42"
    shell.ip_batch(made, *filter(None, FOREIGN[mark]))
    before = shell.run("ip -d addr show dev foreign")
    if verb == "up":
        line = charon.refused(VTI, "--device foreign")
        assert "refused: there is a device foreign that is not ours" in line
    else:
        charon.down(VTI, "--device foreign")
    assert shell.run("ip -d addr show dev foreign") == before


def test_device_that_became_foreign(charon: Charon) -> None:
    """Somebody removed ours and made another one of that name."""
    charon.up(VTI, "--device foreign")
    shell.ip_batch("link del dev foreign", "link add foreign type dummy", "link set foreign up")
    before = shell.run("ip -d addr show dev foreign")
    charon.refused(VTI.but(uid=2), "--device foreign")
    charon.refused(VTI, "--device foreign", verb="down")
    assert shell.run("ip -d addr show dev foreign") == before


@pytest.mark.parametrize("kind", KINDS)
def test_leftover(charon: Charon, kind: str) -> None:
    """A device with our mark that no journal knows is made anew."""
    sa, name, device = KINDS[kind]
    shell.ip_batch(
        f"link add {name} type vti local {ME} remote 192.0.2.200 ikey 1 okey 1",
        f"link set dev {name} alias {ALIAS}",
        f"addr add 10.200.0.1/32 dev {name}",
        f"link set {name} up",
        f"route add 10.201.0.0/16 dev {name} proto 158",
    )
    charon.up(sa)
    assert devices() == {name: device}


def test_leftover_that_has_the_endpoints(charon: Charon) -> None:
    shell.ip_batch(
        f"link add vti9 type vti local {ME} remote {PEER} ikey 9 okey 9",
        f"link set dev vti9 alias {ALIAS}",
    )
    charon.up(VTI)
    assert devices() == {"vti42": MADE}


def test_foreign_device_that_has_the_endpoints(charon: Charon) -> None:
    shell.ip_batch(f"link add foreign type vti local {ME} remote {PEER} ikey 9 okey 9")
    line = charon.refused(VTI)
    assert f"foreign has the endpoints {ME} and {PEER} already, and is not ours" in line
    assert devices() == {}


def test_device_was_removed_by_somebody(charon: Charon) -> None:
    charon.up(DUAL)
    shell.ip_batch("link del dev vti42")
    charon.up(DUAL.but(uid=2))
    assert devices() == {"vti42": MADE_DUAL}
    shell.ip_batch("link del dev vti42")
    charon.down(DUAL)
    charon.down(DUAL.but(uid=2))
    assert devices() == {}


def test_clients_behind_one_nat(charon: Charon) -> None:
    """Each with a VTI of its own cannot be: the second is refused, the first goes on."""
    first = VTI.but(peer_id="one", vips=(), pairs=(("10.1.0.0/16", "10.3.0.1/32"),))
    second = first.but(
        uid=2, reqid=2, peer_id="two", mark=(43, 43), pairs=(("10.1.0.0/16", "10.3.0.2/32"),)
    )
    made = MADE.but(addresses=(), routes=("10.3.0.1",))
    charon.up(first)
    line = charon.refused(second)
    assert f"vti42 has the endpoints {ME} and {PEER} already, for another client" in line
    assert "--remote any" in line
    assert devices() == {"vti42": made}
    charon.down(second)
    assert devices() == {"vti42": made}
    charon.down(first)
    assert devices() == {}


def test_one_name_for_several_clients(charon: Charon) -> None:
    charon.up(VTI, "--device tunnel")
    line = charon.refused(VTI.but(uid=2, peer_id="two", peer="192.0.2.3"), "--device tunnel")
    assert "tunnel serves another child or peer" in line
    assert devices() == {"tunnel": MADE}


@pytest.mark.parametrize(
    "route",
    [
        "10.1.0.0/16 dev eth0",
        "10.1.0.0/16 via 192.0.2.254",
        "unreachable 10.1.0.0/16",
        "10.1.0.0/16 dev eth0 proto 157",
    ],
)
def test_foreign_route(charon: Charon, route: str) -> None:
    shell.ip_batch(f"route add {route}")
    before = shell.run("ip route show")
    assert "failed: route 10.1.0.0/16 is taken: " in charon.refused(VTI)
    assert shell.run("ip route show") == before
    assert devices() == {}
    # with a metric of its own it goes beside
    charon.up(VTI, "--metric 50")
    assert devices() == {"vti42": MADE.but(routes=("10.1.0.0/16 metric 50",))}
    charon.down(VTI, "--metric 50")
    assert shell.run("ip route show") == before


def test_foreign_ipv6_route(charon: Charon) -> None:
    shell.ip_batch("route add fd01::/64 dev eth0")
    sa = DUAL.but(pairs=DUAL.pairs[1:])
    assert "route fd01::/64 is taken" in charon.refused(sa)
    assert devices() == {}


def test_foreign_route_at_the_second_pair(charon: Charon) -> None:
    """What the first pair brought stays."""
    shell.ip_batch("route add fd01::/64 dev eth0")
    first, second = DUAL.environments("up")
    assert charon.call(first).code == 0
    assert charon.call(second).code == 1
    assert devices() == {"vti42": MADE.but(addresses=MADE_DUAL.addresses)}
    charon.down(DUAL)
    assert devices() == {}


def test_nothing_foreign_goes_with_a_shared_device(charon: Charon) -> None:
    charon.up(XFRM)
    shell.ip_batch("addr add 10.99.0.1/24 dev xfrm7", "route add 10.98.0.0/24 dev xfrm7")
    other = XFRM.but(uid=2, child="other", pairs=(("10.3.0.1/32", "10.5.0.0/16"),))
    charon.up(other)
    charon.down(XFRM)
    addresses = ("10.3.0.1/32", "10.99.0.1/24")
    assert devices() == {"xfrm7": MADE_XFRM.but(addresses=addresses, routes=("10.5.0.0/16",))}
    assert "10.98.0.0/24" in shell.run("ip route show dev xfrm7")


CALLS = range(1, 5)
SEQUENCE: tuple[tuple[str, Sa], ...] = (
    ("up", VTI),
    ("up", VTI.but(uid=2)),
    ("down", VTI),
    ("up", VTI.but(uid=3, child="wide", pairs=(("10.3.0.1/32", "10.5.0.0/16"),))),
    ("down", VTI.but(uid=2)),
    ("down", VTI.but(uid=3, child="wide", pairs=(("10.3.0.1/32", "10.5.0.0/16"),))),
)


@pytest.mark.parametrize("number", CALLS)
@pytest.mark.parametrize("how", ["before", "after", "half"])
def test_ip_fails(namespace: str, tmp_path: Path, number: int, how: str) -> None:
    """The n-th run of ip fails, before or after its work or in the midst of it: a line says so, all goes on."""
    count = tmp_path / "count"
    failing = {
        "before": "echo 'RTNETLINK answers: No buffer space available' >&2; exit 2",
        "after": '"$IP" "$@"; echo "Out of memory" >&2; exit 2',
        "half": 'text=$(cat); n=$(printf "%s\\n" "$text" | wc -l); printf "%s\\n" "$text" | head -n $((n / 2))'
        ' | "$IP" "$@"; echo "RTNETLINK answers: Out of memory"; echo "Command failed -:$((n / 2 + 1))"; exit 1',
    }[how]
    script = (
        f'case "$*" in *-batch*) n=$(($(cat {count} 2>/dev/null) + 1)); echo $n >{count};'
        f' if [ $n = {number} ]; then {failing}; fi;; esac\nexec "$IP" "$@"'
    )
    charon = Charon(namespace, path=fake_ip(tmp_path, script))
    try:
        failed = []
        for verb, sa in SEQUENCE:
            answer = charon.call(sa.environments(verb)[0])
            assert answer.output.count("\n") == 1, answer.output
            failed.append(answer.code != 0)
            if answer.code:
                assert "failed: " in answer.output
        # whatever failed: what ended is gone, and the next one is right
        charon.up(DUAL.but(uid=9))
        assert devices() == {"vti42": MADE_DUAL}
        charon.down(DUAL.but(uid=9))
        assert devices() == {}
        assert sum(failed) <= 1
    finally:
        charon.close()


def test_ip_is_missing(namespace: str, tmp_path: Path) -> None:
    charon = Charon(namespace, path=fake_ip(tmp_path, "exit 127"))
    try:
        assert "failed: ip failed without a word" in charon.refused(VTI)
        assert "nothing of it is here" in charon.down(VTI)[0]
        assert devices() == {}
    finally:
        charon.close()


@pytest.mark.parametrize("kind", ["vti", "vti of both families", "xfrm"])
def test_run_directory_is_full(namespace: str, kind: str) -> None:
    """Nothing comes up that could not be noted; what is up ends as ever."""
    sa, name, device = KINDS[kind]
    charon = Charon(namespace, size="64k")
    try:
        filler = charon.state.parent / "filler"
        filler.write_bytes(b"x" * 65536)
        assert "failed: cannot" in charon.refused(sa)
        assert devices() == {}
        filler.unlink()
        charon.up(sa)
        charon.up(sa.but(uid=2))
        fill(filler)
        other = sa.but(uid=7, child="other", mark=sa.mark and (77, 77), if_id=sa.if_id and (77, 77))
        assert "failed: cannot" in charon.refused(other.but(peer="192.0.2.9"))
        assert devices() == {name: device}
        charon.down(sa)
        assert devices() == {name: device}
        charon.down(sa.but(uid=2))
        assert devices() == {}
    finally:
        charon.close()


def fill(file: Path) -> None:
    """Write until there is no space left."""
    with file.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while True:
            stream.write(b"x" * 4096)


def test_without_charon(charon: Charon) -> None:
    """A hook that outlived its charon does nothing: another one may be there."""
    charon.up(VTI)
    later = f"(while kill -0 $PPID; do sleep 0.1; done; exec {HOOK}) >/dev/null 2>&1 &"
    charon.call(VTI.environments("down")[0], f"--no-such; {later}", nowait=True)
    charon.restart()
    time.sleep(1)
    assert devices() == {"vti42": MADE}
