# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read what a user wrote: values of the right type, and words that are known (pure)."""

from __future__ import annotations

import difflib
import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError

Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
Address = t.Union[ipaddress.IPv4Address, ipaddress.IPv6Address]


SECRET = frozenset({"master_secret", "psk"})
"""Options whose values no message shows."""


class Reader:
    """A dictionary of the user's, read option by option; O(what) is how messages name it.

    An option that is None, or an empty string, counts as left out.
    """

    def __init__(self, what: str, values: t.Any) -> None:
        if not isinstance(values, t.Mapping):
            raise InputError(f"{what}: expected a dictionary, got {type(values).__name__}")
        self.what = what
        self._values: t.Mapping[str, t.Any] = values

    def known(self, names: t.Collection[str]) -> None:
        """Refuse options that do not exist."""
        for name in map(str, self._values):
            if name not in names:
                near = difflib.get_close_matches(name, names, 1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}"
                raise InputError(f"{self.what}: option '{name}' does not exist; {hint}")

    def raw(self, name: str) -> t.Any:
        """Return the value as it is, or None."""
        value = self._values.get(name)
        return None if isinstance(value, str) and not value else value

    def text(self, name: str, default: str = "") -> str:
        """Return a text."""
        value = self.raw(name)
        if value is None:
            return default
        if isinstance(value, (t.Mapping, list, tuple)):
            raise self.wrong(name, value, "a text")
        return str(value)

    def word(self, name: str, choices: t.Sequence[str]) -> str:
        """Return one of several words, V("") if there is none."""
        value = self.text(name)
        if value and value not in choices:
            raise self.wrong(name, value, f"one of {', '.join(choices)}")
        return value

    def number(self, name: str, low: int, high: int) -> t.Optional[int]:
        """Return a number within a range."""
        value = self.raw(name)
        if value is None:
            return None
        try:
            found = int(str(value), 0) if not isinstance(value, (bool, float)) else low - 1
        except ValueError:
            found = low - 1
        if not low <= found <= high:
            raise self.wrong(name, value, f"a number from {low} to {high}")
        return found

    def switch(self, name: str) -> t.Optional[bool]:
        """Return a boolean."""
        value = self.raw(name)
        if value is None or isinstance(value, bool):
            return value
        word = str(value).lower()
        if word in {"true", "yes", "on", "1"}:
            return True
        if word in {"false", "no", "off", "0"}:
            return False
        raise self.wrong(name, value, "true or false")

    def mapping(self, name: str) -> t.Dict[str, t.Any]:
        """Return a dictionary."""
        value = self.raw(name)
        if value is None:
            return {}
        if not isinstance(value, t.Mapping):
            raise self.wrong(name, value, "a dictionary")
        return {str(key): one for key, one in value.items()}

    def items(self, name: str) -> t.List[t.Any]:
        """Return a list; what is no list is one of one element."""
        value = self.raw(name)
        if value is None:
            return []
        if isinstance(value, t.Mapping):
            raise self.wrong(name, value, "a list")
        return [value] if isinstance(value, (str, int)) else list(value)

    def texts(self, name: str) -> t.Tuple[str, ...]:
        """Return a list of texts."""
        return tuple(str(one) for one in self.items(name))

    def addresses(self, name: str) -> t.Tuple[Address, ...]:
        """Return the addresses of a host, at most one of each family."""
        found = []
        for text in self.texts(name):
            try:
                found.append(ipaddress.ip_address(text))
            except ValueError:
                raise self.wrong(name, text, "an address like 192.0.2.1 or 2001:db8::1") from None
        if len({one.version for one in found}) < len(found):
            raise self.wrong(name, list(map(str, found)), "at most one address of each family")
        return tuple(found)

    def networks(self, name: str) -> t.Tuple[Network, ...]:
        """Return a list of networks."""
        found = []
        for text in self.texts(name):
            try:
                found.append(ipaddress.ip_network(text))
            except ValueError as error:
                raise self.wrong(
                    name, text, f"a network like 10.1.0.0/24 or fd01::/64 ({error})"
                ) from None
        return tuple(dict.fromkeys(found))

    def wrong(self, name: str, value: t.Any, expected: str) -> InputError:
        """Return the error for a value that is not as expected."""
        shown = "(hidden)" if name in SECRET else f"'{value}'"
        return InputError(f"{self.what}: {name} {shown}: expected {expected}")
