import { isIP } from 'node:net'
import { isRecord } from '../lib/json-object.ts'
import { parseUrl } from '../lib/parse-url.ts'
import { isLoopbackHost, isPublicAddress } from '../lib/public-address.ts'
import { type PublicKey, readPublicKey } from '../oauth/public-key.ts'
import type { Reader } from './members.ts'
import { Problems, quoted } from './problem.ts'

/** The public keys of a client: a JWKS (RFC 7517 §5). The lines name a key by its place and kid and repeat none of it. */
export function jwks(value: unknown): readonly PublicKey[] {
  if (!isRecord(value) || !Array.isArray(value.keys)) throw new Problems('must be a JWKS: {"keys":[...]}')
  if (value.keys.length === 0) throw new Problems('must have at least one key')
  const lines: string[] = []
  const keys = value.keys.flatMap((entry: unknown, index) => {
    const read = readPublicKey(entry)
    if ('key' in read) return [read.key]
    const kid = isRecord(entry) && typeof entry.kid === 'string' ? ` (kid ${quoted(entry.kid)})` : ''
    lines.push(`keys[${index}]${kid} ${read.problem}`)
    return []
  })
  const kids = keys.map(({ kid }) => kid).filter((kid) => kid !== undefined)
  const twice = kids.find((kid, index) => kids.indexOf(kid) !== index)
  if (twice !== undefined) lines.push(`has the kid ${quoted(twice)} twice`)
  if (lines.length > 0) throw new Problems(...lines)
  return keys
}

/**
 * The address of a client's JWKS. What can be told without asking a name server is refused here; the rest at each fetch.
 *
 * @param allowLoopback whether http on this machine itself is fine
 */
export function jwksUri(allowLoopback: boolean): Reader<string> {
  return (value) => {
    if (typeof value !== 'string' || parseUrl(value) === undefined)
      throw new Problems(`must be a URL, not ${quoted(value)}`)
    const { protocol, hostname, username, password } = new URL(value)
    const own = allowLoopback && isLoopbackHost(hostname)
    if (protocol !== 'https:' && !(own && protocol === 'http:')) {
      throw new Problems(`must begin with https://, not ${quoted(value)}`)
    }
    if (username !== '' || password !== '') throw new Problems('must not have a user name or password')
    if (value.includes('#')) throw new Problems('must not have a fragment')
    const host = hostname.replace(/^\[(.*)\]$/, '$1')
    if (!own && (isLoopbackHost(hostname) || (isIP(host) !== 0 && !isPublicAddress(host)))) {
      throw new Problems(`must not lead to ${host}, which is no public address; put the keys in jwks instead`)
    }
    return value
  }
}
