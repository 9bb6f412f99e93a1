# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How every module of the collection behaves: attributes and the options of the whole call."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes, and the options that every module has."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return what would change, without changing it.
    support: full
  diff_mode:
    description: Returns a diff of the objects that changed (or would change in check mode).
    support: full
  platform:
    description: The operating system of the target.
    support: full
    platforms: linux
options:
  owner:
    description:
      - The name under which this call keeps its objects. It is part of the mark that they carry.
      - Objects of other owners are not changed or removed, unless O(adopt=true).
      - 1 to 64 letters, digits, C(_), C(.) or C(-). The name V(updown) is reserved.
    type: str
    default: default
  adopt:
    description:
      - Whether an object of the same name that is not this owner's may be taken over and changed,
        or removed.
      - An object that already is what is asked for is taken over in any case.
    type: bool
    default: false
  purge:
    description:
      - Whether to remove the objects of this O(owner) that the list does not name.
      - Needs the list; an explicit empty list removes all objects of this owner.
    type: bool
    default: false
"""

    # For modules that only report; they have no owner, adopt and purge.
    INFO_MODULE = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return what would change, without changing it.
    support: full
    details:
      - This action does not modify state.
  diff_mode:
    description: Returns a diff of the objects that changed (or would change in check mode).
    support: N/A
    details:
      - This action does not modify state.
  platform:
    description: The operating system of the target.
    support: full
    platforms: linux
"""

    # For modules that change what runs, and keep nothing; they have no owner, adopt and purge.
    RUNTIME_MODULE = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return what would change, without changing it.
    support: full
  diff_mode:
    description: Returns a diff of the objects that changed (or would change in check mode).
    support: full
  platform:
    description: The operating system of the target.
    support: full
    platforms: linux
"""
