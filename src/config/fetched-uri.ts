import { isIP } from 'node:net'
import { parseUrl } from '../lib/parse-url.ts'
import { isLoopbackHost, isPublicAddress } from '../lib/public-address.ts'
import type { Reader } from './members.ts'
import { Problems, quoted } from './problem.ts'

/**
 * The address of a document of the client's that we fetch. What can be told without asking a name server is refused here;
 * the rest at each fetch.
 *
 * @param allowLoopback whether http on this machine itself is fine
 * @param instead what can be done where the address is not public, as the end of a sentence
 */
export function fetchedUri(allowLoopback: boolean, instead = ''): Reader<string> {
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
      throw new Problems(`must not lead to ${host}, which is no public address${instead}`)
    }
    return value
  }
}
