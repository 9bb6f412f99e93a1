# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read attributes of many messages that are alike.

The messages of a dump mostly have the same attributes of the same sizes. So the first is walked
through, and the headers of the next are compared with its, all at once: this takes a tenth of the
time of walking.
"""

from __future__ import annotations

import struct
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import each


class Reader:
    """Reads attributes of these types out of messages or nested attributes of one sort."""

    def __init__(self, *kinds: int) -> None:
        self._kinds = frozenset(kinds)
        self._layouts: t.Dict[t.Tuple[int, bytes], _Layout] = {}

    def __call__(self, data: bytes, start: int, end: int) -> t.Dict[int, bytes]:
        """Return the payloads by their types."""
        key = (end - start, data[start : start + 2])  # a name comes first, of any length
        layout = self._layouts.get(key)
        if layout is None or layout.headers(data, start) != layout.expected:
            layout = self._layouts[key] = _Layout(data, start, end, self._kinds)
        return dict(zip(layout.kinds, layout.payloads(data, start)))


class _Layout:
    """The headers of a message, and where they and the wanted payloads are."""

    def __init__(self, data: bytes, start: int, end: int, wanted: t.Container[int]) -> None:
        headers, payloads = ["="], ["="]
        kinds = []
        offset = start
        for kind, first, last in each(data, start, end):
            gap = first - 4 - offset  # the padding of the one before
            size = last - first
            headers.append(f"{gap}xHH{size}x")
            payloads.append(f"{gap + 4}x{size}{'s' if kind in wanted else 'x'}")
            if kind in wanted:
                kinds.append(kind)
            offset = last
        self.kinds = tuple(kinds)
        self.headers = struct.Struct("".join(headers)).unpack_from
        self.payloads = struct.Struct("".join(payloads)).unpack_from
        self.expected = self.headers(data, start)
