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
            V(%any), which is strongSwan's default.
        type: list
        elements: str
      remote_addrs: &remote_addrs
        description:
          - Addresses of the peer, as in O(local_addrs). The first single one is where to initiate.
        type: list
        elements: str
      local_port: &local_port
        description:
          - The UDP port of this host for IKE, from 1 to 65535; strongSwan's default is 500.
        type: int
      remote_port: &remote_port
        description:
          - The UDP port of the peer for IKE, from 1 to 65535; strongSwan's default is 500.
          - Any other port needs O(local_port=4500), too. With local port 500 strongSwan 6.0.1 and
            newer send to port 4500 instead; the module warns of it.
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
            follow such a move; an XFRM interface needs not to. strongSwan's default is yes.
        type: bool
      encap: &encap
        description:
          - Whether to put ESP into UDP in any case; strongSwan's default is no.
        type: bool
      fragmentation: &fragmentation
        description:
          - Whether to fragment large IKE messages; strongSwan's default is V(yes).
          - V(accept) announces it and sends none, V(force) fragments from the first message on
            (version 1 only).
        type: str
        choices: ['yes', accept, force, 'no']
      send_cert: &send_cert
        description:
          - When to send this host's certificate; strongSwan's default is V(ifasked).
        type: str
        choices: [ifasked, always, never]
      dpd_delay: &dpd_delay
        description:
          - The time without traffic after which to check whether the peer is alive, like V(30s).
            strongSwan's default is V(0), no checks.
          - All times are seconds, or have a unit, C(s), C(m), C(h) or C(d).
        type: str
      dpd_timeout: &dpd_timeout
        description:
          - The time without answer after which a peer is dead; version 1 only. With version 2 the
            retransmissions count.
        type: str
      rekey_time: &rekey_time
        description:
          - The time between rekeyings of the IKE SA; V(0) for none. strongSwan's default is
            V(4h), or V(0) where O(reauth_time) is given.
        type: str
      reauth_time: &reauth_time
        description:
          - The time between reauthentications; strongSwan's default is V(0), none.
        type: str
      over_time: &over_time
        description:
          - How long the IKE SA may live on when rekeying or reauthentication fails. strongSwan's
            default is a tenth of the longer of O(rekey_time) and O(reauth_time).
        type: str
      rand_time: &rand_time
        description:
          - The longest time that is taken off at random from O(rekey_time) and O(reauth_time), so
            that both sides do not begin at once. strongSwan's default is O(over_time).
        type: str
      keyingtries: &keyingtries
        description:
          - How often to try the first exchange before giving up; V(0) is for ever. strongSwan's
            default is V(1).
        type: int
      unique: &unique
        description:
          - What to do with several IKE SAs of the same peer; strongSwan's default is V(no).
          - V(replace) ends the older one, V(keep) refuses the newer one, V(no) ends the older one
            only if the peer says that it began anew, V(never) does nothing.
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
      settings: &settings
        description:
          - Other keywords of swanctl.conf in the connection's section, with their values.
          - These are C(aggressive), C(pull), C(dscp), C(childless), C(send_certreq), C(ocsp),
            C(ppk_id), C(ppk_required), C(mediation), C(mediated_by) and C(mediation_peer), as
            swanctl.conf(5) explains them. A keyword that strongSwan does not know is refused, and
            so is one that is an option.
        type: dict
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
                a signature scheme, like V(ike:rsa-sha256). strongSwan's default is V(pubkey).
            type: str
          id: &id
            description:
              - The IKE identity, like V(moon.example.org), an address, or a distinguished name.
              - strongSwan's default is the subject of the certificate, or the address; of the peer
                any identity is taken.
            type: str
          certs: &certs
            description:
              - Certificates, as names of files in C(x509) under swanctl's directory or absolute
                paths.
            type: list
            elements: str
          pubkeys: &pubkeys
            description:
              - Raw public keys, as names of files in C(pubkey) under swanctl's directory or
                absolute paths.
            type: list
            elements: str
          eap_id: &eap_id
            description:
              - The identity for EAP; strongSwan's default is the one for IKE.
            type: str
          aaa_id:
            description:
              - The identity that the EAP server must prove; strongSwan's default is the peer's for
                IKE.
            type: str
          xauth_id:
            description:
              - The user name for XAuth; strongSwan's default is the identity for IKE.
            type: str
          settings:
            description:
              - Certificates on a token, or ones that charon is to read itself, each as a section
                with a name that begins with C(cert) and with C(file), or C(handle) and maybe
                C(slot) and C(module) in it.
            type: dict
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
          pubkeys: *pubkeys
          cacerts:
            description:
              - Certificates of authorities that the peer's certificate must come from, as names
                of files in C(x509ca) under swanctl's directory or absolute paths.
            type: list
            elements: str
          ca_id:
            description:
              - The identity of an authority that the peer's certificate must come from, if its
                certificate need not be here.
            type: str
          eap_id: *eap_id
          groups:
            description:
              - Groups of which the peer must be a member of one.
            type: list
            elements: str
          revocation:
            description:
              - How strictly to check whether the peer's certificate was revoked; strongSwan's
                default is V(relaxed).
              - V(relaxed) refuses what is known to be revoked, V(ifuri) also what names a place to
                ask that does not answer, V(strict) also what cannot be checked.
            type: str
            choices: [strict, ifuri, relaxed]
          settings:
            description:
              - The other keyword of swanctl.conf in a remote round, C(cert_policy), a list of
                OIDs, and sections of certificates as in O(local[].settings), whose names begin
                with C(cert) or C(cacert).
            type: dict
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
              - strongSwan's default is V(dynamic), the outer or virtual address.
            type: list
            elements: str
          remote_ts:
            description:
              - Networks and hosts on the other side, as O(children[].local_ts).
            type: list
            elements: str
          mode:
            description:
              - The IPsec mode; strongSwan's default is V(tunnel). V(iptfs) needs strongSwan 6.0.2.
              - V(pass) and V(drop) let traffic pass in the clear or drop it, without an SA.
            type: str
            choices: [tunnel, transport, transport_proxy, beet, iptfs, pass, drop]
          esp_proposals:
            description:
              - Proposals for ESP, each its algorithms joined by C(-), like V(aes256gcm16).
                V(default), strongSwan's default, is its own.
            type: list
            elements: str
          ah_proposals:
            description:
              - Proposals for AH, which does not encrypt, like V(sha256-x25519).
            type: list
            elements: str
          mark_in:
            description:
              - The mark of inbound policies and SAs, like V(42), V(0x2a) or V(42/0xff); the key
                of the VTI. V(%unique) and V(%unique-dir) give each SA one of its own.
              - From 1 to 4294967293; V(0) would be no mark and is refused.
            type: str
          mark_in_sa:
            description:
              - Whether O(children[].mark_in) is also set on the inbound SA, and not on its policy
                alone; strongSwan's default is no.
            type: bool
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
              - The mark that outbound packets get after they were encrypted, as
                O(children[].set_mark_in).
            type: str
          if_id_in:
            description:
              - The XFRM interface ID for inbound traffic, from 1 to 4294967293, V(%unique) or
                V(%unique-dir). strongSwan's default is that of the connection.
            type: str
          if_id_out:
            description:
              - The XFRM interface ID for outbound traffic, as O(children[].if_id_in).
            type: str
          reqid:
            description:
              - A fixed number by which policies find their SAs, from 0 to 4294967295, for a child
                that is up once only. strongSwan's default is V(0), one of its own choice.
            type: int
          rekey_time:
            description:
              - The time between rekeyings; strongSwan's default is V(1h), or a little less than
                O(children[].life_time) where that is given.
            type: str
          life_time:
            description:
              - The longest time that the SA may live; strongSwan's default is
                O(children[].rekey_time) and a tenth.
            type: str
          rand_time:
            description:
              - The longest time that is taken off at random from O(children[].rekey_time).
                strongSwan's default is what O(children[].life_time) is longer.
            type: str
          rekey_bytes:
            description:
              - The volume after which to rekey, in bytes or with a unit, C(k), C(m) or C(g), like
                V(500M). strongSwan's default is V(0), none.
            type: str
          life_bytes:
            description:
              - The volume after which the SA ends; strongSwan's default is
                O(children[].rekey_bytes) and a tenth.
            type: str
          start_action:
            description:
              - What to do when the connection is loaded; strongSwan's default is V(none).
              - V(start) brings the child up, V(trap) does so when the first packet is to be sent,
                and V(trap|start) both (from strongSwan 5.9.6).
            type: str
            choices: [none, trap, start, trap|start]
          close_action:
            description:
              - What to do when the peer closes the SA; strongSwan's default is V(none).
            type: str
            choices: [none, trap, start]
          dpd_action:
            description:
              - What to do when the peer is found dead; strongSwan's default is V(clear).
            type: str
            choices: [clear, trap, restart]
          inactivity:
            description:
              - The time without traffic after which to close the SA; strongSwan's default is V(0),
                never.
            type: str
          updown:
            description:
              - The command to run when the SA goes up or down, with its arguments.
            type: str
          hostaccess:
            description:
              - Whether an updown script lets traffic to and from the host itself pass;
                strongSwan's default is no.
            type: bool
          policies:
            description:
              - Whether to install policies; strongSwan's default is yes.
            type: bool
          replay_window:
            description:
              - The size of the replay window in packets, V(0) for no protection. strongSwan's
                default is V(32), or that of its setting C(charon.replay_window).
            type: int
          copy_df:
            description:
              - Whether to copy the DF bit to the outer header; strongSwan's default is yes.
            type: bool
          hw_offload:
            description:
              - Whether the network device does the cryptography; strongSwan's default is V(no).
              - V(crypto) (or V(yes)) leaves it the ciphers, V(packet) whole packets; V(auto)
                takes what the device offers. V(crypto) and V(packet) need strongSwan 5.9.10.
            type: str
            choices: ['no', 'yes', crypto, packet, auto]
          settings:
            description:
              - Other keywords of swanctl.conf in the child's section, with their values.
              - These are C(rand_bytes), C(rekey_packets), C(life_packets), C(rand_packets),
                C(ipcomp), C(tfc_padding), C(priority), C(interface), C(policies_fwd_out),
                C(sha256_96), C(copy_ecn), C(copy_dscp), C(label) and C(label_mode) (from
                strongSwan 5.9.6), C(per_cpu_sas) (6.0.2) and C(icmp) (6.0.5), as swanctl.conf(5)
                explains them.
            type: dict
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
  send_cert: *send_cert
  dpd_delay: *dpd_delay
  dpd_timeout: *dpd_timeout
  rekey_time: *rekey_time
  reauth_time: *reauth_time
  over_time: *over_time
  rand_time: *rand_time
  keyingtries: *keyingtries
  unique: *unique
  if_id_in: *if_id_in
  if_id_out: *if_id_out
  settings: *settings
  local: *local
  remote: *remote
  children: *children
  state: {<<: *state, default: present}
  allow_disruption:
    description:
      - How much of what is up the changes of this call may interrupt. If they would interrupt more,
        the call fails with the forecast and changes nothing; also in check mode.
      - V(none) allows no packet to be lost, V(child) that CHILD SAs end or a second one takes over
        from them, V(ike) that IKE SAs end with all their children.
    type: str
    choices: [none, child, ike]
    default: ike
"""
