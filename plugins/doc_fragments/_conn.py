# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a connection, once for both levels."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of M(ipsec.strongswan.strongswan_conn)."""

    DOCUMENTATION = r"""
options:
  name: &name
    description:
      - The name of the connection, 1 to 64 letters, digits, C(_) or C(-).
      - Its file is C(connection-NAME.conf).
    type: str
  connections:
    description:
      - The connections, if there are several; excludes O(name).
      - What an entry leaves out comes from the option of the same name at the top level.
    type: list
    elements: dict
    suboptions:
      name: {<<: *name, required: true}
      version: &version
        description:
          - The version of IKE. V(0) takes both and initiates version 2.
        type: int
        choices: [0, 1, 2]
      local_addrs: &local_addrs
        description:
          - Addresses of this host to use for IKE, addresses, networks, ranges, host names or
            V(%any).
        type: list
        elements: str
      remote_addrs: &remote_addrs
        description:
          - Addresses of the peer, as in O(local_addrs). The first single one is where to initiate.
        type: list
        elements: str
      local_port: &local_port
        description:
          - The UDP port of this host for IKE, from 1 to 65535.
        type: int
      remote_port: &remote_port
        description:
          - The UDP port of the peer for IKE, from 1 to 65535.
        type: int
      proposals: &proposals
        description:
          - Proposals for IKE, each its algorithms joined by C(-), like
            V(aes256gcm16-prfsha384-ecp384). V(default) is strongSwan's own.
        type: list
        elements: str
      vips: &vips
        description:
          - Virtual addresses to ask the peer for. V(0.0.0.0) and V(::) leave the choice to it.
        type: list
        elements: str
      pools: &pools
        description:
          - Names of the pools from which a peer gets virtual addresses.
        type: list
        elements: str
      mobike: &mobike
        description:
          - Whether to let the SA move to other addresses (MOBIKE, version 2 only). A VTI does not
            follow such a move; an XFRM interface needs not to.
        type: bool
      encap: &encap
        description:
          - Whether to put ESP into UDP in any case.
        type: bool
      fragmentation: &fragmentation
        description:
          - Whether to fragment large IKE messages.
        type: str
        choices: ['yes', accept, force, 'no']
      dpd_delay: &dpd_delay
        description:
          - The time without traffic after which to check whether the peer is alive, like V(30s).
        type: str
      dpd_timeout: &dpd_timeout
        description:
          - The time without answer after which a peer is dead; version 1 only.
        type: str
      rekey_time: &rekey_time
        description:
          - The time between rekeyings of the IKE SA, like V(4h); V(0) for none.
        type: str
      reauth_time: &reauth_time
        description:
          - The time between reauthentications; V(0) for none.
        type: str
      over_time: &over_time
        description:
          - How long the IKE SA may live on when rekeying or reauthentication fails.
        type: str
      keyingtries: &keyingtries
        description:
          - How often to try the first exchange before giving up; V(0) is for ever.
        type: int
      unique: &unique
        description:
          - What to do with several IKE SAs of the same peer.
        type: str
        choices: [never, 'no', replace, keep]
      if_id_in: &if_id_in
        description:
          - The XFRM interface ID for inbound traffic, from 1 to 4294967293, V(%unique) or
            V(%unique-dir). At the level of a connection it is for children without one.
        type: str
      if_id_out: &if_id_out
        description:
          - The XFRM interface ID for outbound traffic, as O(if_id_in).
        type: str
      local: &local
        description:
          - How this host authenticates itself, one entry for each round.
        type: list
        elements: dict
        suboptions:
          round: &round
            description:
              - The number of the round, if there are several. Left out, their order counts.
            type: int
          auth: &auth
            description:
              - The method, like V(psk), V(pubkey), V(eap), V(eap-mschapv2), V(xauth), or with
                a signature scheme, like V(ike:rsa-sha256).
            type: str
          id: &id
            description:
              - The IKE identity, like V(moon.example.org), an address, or a distinguished name.
            type: str
          certs: &certs
            description:
              - Certificates, as names of files in C(x509) under swanctl's directory or absolute
                paths.
            type: list
            elements: str
          eap_id: &eap_id
            description:
              - The identity for EAP.
            type: str
          aaa_id:
            description:
              - The identity that the EAP server must prove.
            type: str
      remote: &remote
        description:
          - How the peer must authenticate itself, one entry for each round.
        type: list
        elements: dict
        suboptions:
          round: *round
          auth: *auth
          id: *id
          certs: *certs
          cacerts:
            description:
              - Certificates of authorities that the peer's certificate must come from, as names
                of files in C(x509ca) under swanctl's directory or absolute paths.
            type: list
            elements: str
          eap_id: *eap_id
          groups:
            description:
              - Groups of which the peer must be a member of one.
            type: list
            elements: str
          revocation:
            description:
              - How strictly to check whether the peer's certificate was revoked.
            type: str
            choices: [strict, ifuri, relaxed]
      children: &children
        description:
          - The children (CHILD_SAs) of the connection.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - The name of the child. No other connection may have a child of this name, as an
                updown script sees only this name.
            type: str
            required: true
          local_ts:
            description:
              - Networks and hosts on this side, like V(10.1.0.0/16), V(10.1.0.1-10.1.0.9),
                V(dynamic) or V(10.1.0.0/16[tcp/443]). For a route-based tunnel V(0.0.0.0/0) and
                V(::/0).
            type: list
            elements: str
          remote_ts:
            description:
              - Networks and hosts on the other side.
            type: list
            elements: str
          mode:
            description:
              - The IPsec mode.
            type: str
            choices: [tunnel, transport, transport_proxy, beet, pass, drop]
          esp_proposals:
            description:
              - Proposals for ESP, each its algorithms joined by C(-), like V(aes256gcm16).
            type: list
            elements: str
          mark_in:
            description:
              - The mark of inbound policies and SAs, like V(42), V(0x2a) or V(42/0xff); the key
                of the VTI. V(%unique) and V(%unique-dir) give each SA one of its own.
              - From 1 to 4294967293; V(0) would be no mark and is refused.
            type: str
          mark_out:
            description:
              - The mark of outbound policies and SAs, as O(children[].mark_in).
            type: str
          set_mark_in:
            description:
              - The mark that inbound packets get after they were decrypted; V(%same) is the mark
                of the SA.
            type: str
          set_mark_out:
            description:
              - The mark that outbound packets get after they were encrypted.
            type: str
          if_id_in:
            description:
              - The XFRM interface ID for inbound traffic, from 1 to 4294967293, V(%unique) or
                V(%unique-dir).
            type: str
          if_id_out:
            description:
              - The XFRM interface ID for outbound traffic.
            type: str
          rekey_time:
            description:
              - The time between rekeyings, like V(1h).
            type: str
          life_time:
            description:
              - The longest time that the SA may live.
            type: str
          rekey_bytes:
            description:
              - The volume after which to rekey, like V(500M).
            type: str
          life_bytes:
            description:
              - The volume after which the SA ends.
            type: str
          start_action:
            description:
              - What to do when the connection is loaded.
            type: str
            choices: [none, trap, start, trap|start]
          close_action:
            description:
              - What to do when the peer closes the SA.
            type: str
            choices: [none, trap, start]
          dpd_action:
            description:
              - What to do when the peer is found dead.
            type: str
            choices: [clear, trap, restart]
          inactivity:
            description:
              - The time without traffic after which to close the SA.
            type: str
          updown:
            description:
              - The command to run when the SA goes up or down, with its arguments.
            type: str
          hostaccess:
            description:
              - Whether an updown script lets traffic to and from the host itself pass.
            type: bool
          policies:
            description:
              - Whether to install policies.
            type: bool
          replay_window:
            description:
              - The size of the replay window in packets.
            type: int
          copy_df:
            description:
              - Whether to copy the DF bit to the outer header.
            type: bool
      state: &state
        description:
          - Whether the connection exists, in its file and in the running charon.
        type: str
        choices: [present, absent]
  version: {<<: *version, default: 2}
  local_addrs: *local_addrs
  remote_addrs: *remote_addrs
  local_port: *local_port
  remote_port: *remote_port
  proposals: *proposals
  vips: *vips
  pools: *pools
  mobike: *mobike
  encap: *encap
  fragmentation: *fragmentation
  dpd_delay: *dpd_delay
  dpd_timeout: *dpd_timeout
  rekey_time: *rekey_time
  reauth_time: *reauth_time
  over_time: *over_time
  keyingtries: *keyingtries
  unique: *unique
  if_id_in: *if_id_in
  if_id_out: *if_id_out
  local: *local
  remote: *remote
  children: *children
  state: {<<: *state, default: present}
"""
