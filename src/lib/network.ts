import { isIPv4, isIPv6 } from 'node:net'

/** What stands for every address that is none: a proxy that writes such is misconfigured, and strangers could vary it. */
const UNKNOWN = 'unknown'

/**
 * The network that an address stands for where callers are counted: an IPv4 address itself, the /64 of an IPv6 address.
 * One subscriber holds a whole /64 (RFC 6177 §2, RFC 7934), so whoever counts single IPv6 addresses counts nothing. Ports,
 * which some proxies add, and zones do not tell callers apart.
 *
 * @param address as the connection or a trusted proxy gave it; undefined once the connection is gone
 */
export function networkOf(address: string | undefined): string {
  if (address !== undefined && isIPv4(address)) return address
  const bare = (address ?? '').replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/%.*$/, '')
  const ipv4 = bare.replace(/:\d+$/, '')
  if (isIPv4(ipv4)) return ipv4
  return isIPv6(bare) ? networkOfIPv6(bare) : UNKNOWN
}

function networkOfIPv6(address: string): string {
  // The URL parser knows every spelling of an address and writes each in one way (WHATWG URL §3.5).
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(canonical)
  if (mapped !== null) return [mapped[1], mapped[2]].flatMap((group) => bytesOf(group as string)).join('.')
  const [head, tail] = canonical.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = Array(8 - (head?.length ?? 0) - (tail?.length ?? 0)).fill('0')
  return `${[...(head ?? []), ...zeros, ...(tail ?? [])].slice(0, 4).join(':')}::/64`
}

/** The two bytes of a group, as an IPv4 address within IPv6 spells them. */
function bytesOf(group: string): number[] {
  const value = Number.parseInt(group, 16)
  return [value >> 8, value & 255]
}
