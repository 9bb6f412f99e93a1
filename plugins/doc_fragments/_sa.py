# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of an SA, once for both levels."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of M(ipsec.strongswan.strongswan_sa)."""

    DOCUMENTATION = r"""
options:
  connection: &connection
    description:
      - The name of the connection, which charon must hold unless O(state=down).
    type: str
  sas:
    description:
      - The SAs, if there are several; excludes O(connection).
      - What an entry leaves out comes from the option of the same name at the top level.
    type: list
    elements: dict
    suboptions:
      connection: {<<: *connection, required: true}
      child: &child
        description:
          - The child of the connection whose SA is meant. Left out, the IKE SA and the SAs of all
            children of the connection are meant.
        type: str
      state: &state
        description:
          - V(up) initiates what is not up, and waits until it is installed.
          - V(down) ends what is up. A child that has O(ipsec.strongswan.strongswan_conn#module:children[].start_action=trap)
            comes up again with the next packet.
          - V(reestablished) initiates what is not up, and establishes anew what is up and does not
            have the connection's present configuration, as
            RV(ipsec.strongswan.strongswan_conn#module:connections[].in_force) tells. With O(child)
            the child's own configuration counts.
        type: str
        choices: [up, down, reestablished]
      force: &force
        description:
          - Whether to establish anew what has the present configuration, too, every time; for
            example for a secret that changed.
          - If all of a connection is meant and in force, charon authenticates it anew, which makes
            the new SAs first if C(make_before_break) of strongswan.conf is on, as it is from
            strongSwan 6.0 on. Else the former SAs end before, as charon makes none beside one of
            the same configuration.
        type: bool
  child: *child
  state: {<<: *state, default: up}
  force: {<<: *force, default: false}
  directory:
    description:
      - The directory with the files of the connections.
    type: path
    default: /etc/swanctl/conf.d
  socket:
    description:
      - The path of charon's vici socket, a unix socket.
    type: path
    default: /run/charon.vici
  timeout:
    description:
      - How long to wait for each SA to be installed or gone, in seconds.
    type: int
    default: 30
"""
