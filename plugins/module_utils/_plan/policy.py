# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a call allows itself: owner, adopt, purge, recreate (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link


@dataclass(frozen=True)
class Policy:
    """Options of the whole call that plans obey."""

    owner: str = "default"
    adopt: bool = False
    purge: bool = False
    recreate: str = "when_needed"
    check_mode: bool = False

    @classmethod
    def of(cls, params: t.Mapping[str, t.Any]) -> Policy:
        """Take the policy from a module's parameters."""
        names = ("owner", "adopt", "purge", "recreate", "check_mode")
        return cls(**{name: params[name] for name in names if name in params})

    def may_touch_link(self, what: str, link: Link, difference: str) -> None:
        """Accept that a device is changed or removed; see M(may_touch)."""
        if not link.unfinished:
            self.may_touch(what, link.owner, difference)

    def may_touch(self, what: str, found_owner: t.Optional[str], difference: str) -> None:
        """Accept that an object which is there already is changed or removed.

        O(difference) says how it differs from what is wanted; an object that does not differ
        is taken over without a question.

        :raises ConflictError: it is not this owner's, it differs, and O(adopt) is false.
        """
        if found_owner == self.owner or self.adopt or not difference:
            return
        holder = f"owner '{found_owner}'" if found_owner else "nobody of this collection"
        raise ConflictError(
            f"{what}: it exists and belongs to {holder}, not to owner '{self.owner}';"
            f" {difference}. Remove it by hand, choose another name, or allow the change"
            " with adopt: true"
        )
