# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A part of an answer of charon, whose values are bytes, read as text, numbers and flags (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import CharonError


class Answer:
    """A message of charon, or a section of one.

    charon leaves out what does not apply: a text is empty then, a number None, a flag False.
    """

    def __init__(self, message: t.Mapping[str, t.Any]) -> None:
        self._message = message

    def __contains__(self, name: str) -> bool:
        return name in self._message

    def text(self, name: str) -> str:
        """Return a value; identities may hold any bytes."""
        return _text(self._message.get(name, b""))

    def texts(self, name: str) -> t.Tuple[str, ...]:
        """Return the values of a list."""
        return tuple(_text(item) for item in self._message.get(name, ()))

    def flag(self, name: str) -> bool:
        """Return whether something is so; charon writes V(yes), or V(1) for C(esn)."""
        return self.text(name) in {"yes", "1"}

    def number(self, name: str, base: int = 10) -> t.Optional[int]:
        """Return a number.

        :raises CharonError: the value is none.
        """
        text = self.text(name)
        if not text:
            return None
        try:
            return int(text, base)
        except ValueError:
            raise CharonError(
                f"charon answered {name} = '{text}': expected a number of base {base}; this version"
                " of strongSwan speaks in another way"
            ) from None

    def count(self, name: str) -> int:
        """Return a number that is 0 if charon leaves it out.

        :raises CharonError: the value is no number.
        """
        return self.number(name) or 0

    def section(self, name: str) -> Answer:
        """Return a section; an empty one if charon leaves it out."""
        return Answer(self._message.get(name, {}))

    def sections(self) -> t.Iterator[t.Tuple[str, Answer]]:
        """Return the sections inside by name."""
        for name, value in self._message.items():
            if isinstance(value, t.Mapping):
                yield name, Answer(value)

    def values(self) -> t.Iterator[t.Tuple[str, str]]:
        """Return the values inside by name."""
        for name, value in self._message.items():
            if isinstance(value, (bytes, str)):
                yield name, _text(value)


def _text(value: t.Union[bytes, str]) -> str:
    return value if isinstance(value, str) else value.decode(errors="replace")
