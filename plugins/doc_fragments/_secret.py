# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a secret, once for both levels."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of M(ipsec.strongswan.strongswan_secret)."""

    DOCUMENTATION = r"""
options:
  name: &name
    description:
      - The name of the secret, 1 to 64 letters, digits, C(_) or C(-).
      - Its file is C(secret-NAME.conf), its section in it C(secrets.TYPE-NAME).
    type: str
  secrets:
    description:
      - The secrets, if there are several; excludes O(name).
      - What an entry leaves out comes from the option of the same name at the top level.
    type: list
    elements: dict
    suboptions:
      name: {<<: *name, required: true}
      type: &type
        description:
          - What the secret is for. V(ike) is a preshared key (PSK) of IKE.
        type: str
        choices: [ike]
      secret: &secret
        description:
          - The secret. Required if O(state=present). As in swanctl.conf, it may be given as
            hexadecimal digits after C(0x), or in Base64 after C(0s).
          - It is written to the file and sent to charon, and appears nowhere else. A preshared
            key under 20 characters gives a warning.
        type: str
      ids: &ids
        description:
          - The IKE identities that use this secret, normally those of both ends. Without any it
            is for all identities.
        type: list
        elements: str
      state: &state
        description:
          - Whether the secret exists, in its file and in the running charon.
        type: str
        choices: [present, absent]
  type: {<<: *type, default: ike}
  secret: *secret
  ids: *ids
  state: {<<: *state, default: present}
"""
