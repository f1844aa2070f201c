import { BlockList, isIP } from 'node:net'

type Subnet = readonly [network: string, prefix: number]

/**
 * IPv4 networks that are not the public internet: the IANA special-purpose registry (RFC 6890) and, beyond it, one public
 * address by which a cloud serves its guests.
 */
const SPECIAL_V4: readonly Subnet[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // Azure's platform services
  ['169.254.0.0', 16], // link-local, where clouds keep their metadata
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
]

/** All of IPv6 that is public (RFC 4291 §2.4), but for what is listed below. */
const GLOBAL_V6: Subnet = ['2000::', 3]

const SPECIAL_V6: readonly Subnet[] = [
  ['2001::', 23], // protocol assignments, Teredo's tunnels to any IPv4 address among them
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: holds any IPv4 address
  ['3fff::', 20], // documentation
]

/** Where a network without IPv4 shows it (RFC 6052 §2.1): the last 32 bits are the IPv4 address. */
const NAT64 = '64:ff9b::'

const specialV4 = listOf('ipv4', SPECIAL_V4)
const globalV6 = listOf('ipv6', [GLOBAL_V6])
const specialV6 = listOf('ipv6', SPECIAL_V6)
const nat64 = listOf('ipv6', [[NAT64, 96]])
const specialNat64 = listOf(
  'ipv6',
  SPECIAL_V4.map(([network, prefix]): Subnet => [NAT64 + network, 96 + prefix]),
)
const loopbackV4 = listOf('ipv4', [['127.0.0.0', 8]])

/**
 * Whether an IP address is one of the public internet: not private, loopback, link-local, multicast, reserved or for
 * documentation. IPv6 is judged by what is allowed, so that every way to write an IPv4 address in it (mapped, compatible,
 * 6to4, Teredo) is out; NAT64 alone counts as the IPv4 address it stands for.
 */
export function isPublicAddress(address: string): boolean {
  // With a zone (`fe80::1%eth0`) it is local by its nature, and BlockList cannot read it.
  if (address.includes('%')) return false
  if (isIP(address) === 4) return !specialV4.check(address)
  if (isIP(address) !== 6) return false
  if (nat64.check(address, 'ipv6')) return !specialNat64.check(address, 'ipv6')
  return globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6')
}

/** Whether an IP address leads to this machine itself. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && loopbackV4.check(address))
}

/** Whether the host of a URL names this machine in one of the three ways that cannot mean another (RFC 6761 §6.3). */
export function isLoopbackHost(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

function listOf(family: 'ipv4' | 'ipv6', subnets: readonly Subnet[]): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family)
  return list
}
