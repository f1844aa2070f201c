import { lookup } from 'node:dns/promises'
import * as http from 'node:http'
import * as https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { readUtf8 } from './encoding.ts'
import { parseUrl } from './parse-url.ts'
import { isLoopbackAddress, isLoopbackHost, isPublicAddress } from './public-address.ts'

/** Fetches a JSON object from an address that someone else chose. Throws FetchRefused. */
export type FetchJson = (url: string) => Promise<Record<string, unknown>>

/** The same for a body of any kind. */
export type FetchBytes = (url: string) => Promise<Buffer>

/** An IP address that a name stands for. */
export interface ResolvedAddress {
  address: string
  family: number
}

interface SafeFetchOptions {
  /** Whether http and loopback addresses are fine for localhost, 127.0.0.1 and [::1]: for development. */
  allowLoopback: boolean
  /** Milliseconds for everything, the name and the body included. */
  timeout?: number
  /** Largest body, in bytes. */
  largest?: number
  /** Stands in for the system's resolver. */
  resolve?: (hostname: string) => Promise<ResolvedAddress[]>
  /** Stands in for the judgement of addresses; for tests of what comes after it. */
  isAllowed?: (address: string) => boolean
  /** Certificates to trust instead of the public ones, PEM. */
  ca?: string
}

interface SafeFetchBytesOptions extends SafeFetchOptions {
  /** The media types to ask for; the answer may be something else. */
  accept: string
}

/** The document was not fetched, and why: for the log only, since the reason describes our network. */
export class FetchRefused extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'FetchRefused'
  }
}

const TIMEOUT = 5000
const LARGEST = 65_536

/** Fetches JSON objects by the rules of createSafeFetchBytes. */
export function createSafeFetch(options: SafeFetchOptions): FetchJson {
  const fetchBytes = createSafeFetchBytes({ ...options, accept: 'application/json' })
  return async (url) => readObject(await fetchBytes(url))
}

/**
 * A fetch that cannot be turned against our own network (SSRF): https only; the name is resolved once, refused where any
 * of its addresses is not public, and the connection goes to the very addresses that were judged, so that a second answer
 * of the name server changes nothing. No redirects, no proxies, no compression; small and short.
 */
export function createSafeFetchBytes(options: SafeFetchBytesOptions): FetchBytes {
  const { accept, allowLoopback, timeout = TIMEOUT, largest = LARGEST, resolve = resolveAll, ca } = options
  const isAllowed = options.isAllowed ?? isPublicAddress

  return async (text) => {
    const url = readUrl(text)
    const own = allowLoopback && isLoopbackHost(url.hostname)
    if (url.protocol !== 'https:' && !(own && url.protocol === 'http:')) throw new FetchRefused('it is not https')
    const signal = AbortSignal.timeout(timeout)
    try {
      const addresses = await within(signal, addressesOf(url, resolve))
      if (addresses.length === 0) throw new FetchRefused('its name has no address')
      const foreign = addresses.find(({ address }) => !(own ? isLoopbackAddress(address) : isAllowed(address)))
      if (foreign !== undefined) throw new FetchRefused(`it leads to ${foreign.address}, which is not public`)
      return await get(url, { accept, addresses, signal, largest, ca })
    } catch (error) {
      if (error instanceof FetchRefused) throw error
      throw new FetchRefused(signal.aborted ? `nothing within ${timeout} ms` : reasonOf(error))
    }
  }
}

function readUrl(text: string): URL {
  if (parseUrl(text) === undefined) throw new FetchRefused('it is not a URL')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') throw new FetchRefused('it has a user name or password')
  return url
}

/** The addresses of a URL's host. URL has put every spelling of an IP address (octal, hexadecimal, one number) in order. */
async function addressesOf(
  url: URL,
  resolve: (hostname: string) => Promise<ResolvedAddress[]>,
): Promise<ResolvedAddress[]> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(host)
  return family === 0 ? resolve(host) : [{ address: host, family }]
}

function resolveAll(hostname: string): Promise<ResolvedAddress[]> {
  return lookup(hostname, { all: true })
}

interface GetOptions {
  accept: string
  addresses: readonly ResolvedAddress[]
  signal: AbortSignal
  largest: number
  ca: string | undefined
}

function get(url: URL, { accept, addresses, signal, largest, ca }: GetOptions): Promise<Buffer> {
  const { request, Agent } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const req = request(
      url,
      {
        // An agent of its own: no connection is shared, and no proxy of the environment comes in between.
        agent: new Agent({ keepAlive: false }),
        headers: { Accept: accept, 'Accept-Encoding': 'identity' },
        lookup: pinnedTo(addresses),
        signal,
        ...(ca === undefined ? {} : { ca }),
      },
      (res) => {
        const fail = (reason: string) => {
          reject(new FetchRefused(reason))
          req.destroy()
        }
        if (res.statusCode !== 200) return fail(`it answers ${res.statusCode}, not 200`)
        const chunks: Buffer[] = []
        let size = 0
        res.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > largest) fail(`it is larger than ${largest} bytes`)
          else chunks.push(chunk)
        })
        res.on('error', reject)
        res.on('end', () => resolve(Buffer.concat(chunks)))
      },
    )
    req.on('error', reject)
    req.end()
  })
}

/** A resolver that knows the judged addresses only; Node asks for one of them or for all. */
function pinnedTo(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, answer) => {
    const [first] = addresses
    if (options.all === true) answer(null, [...addresses])
    else answer(null, first?.address ?? '', first?.family)
  }
}

function readObject(body: Buffer): Record<string, unknown> {
  const text = readUtf8(body)
  let value: unknown
  try {
    value = JSON.parse(text ?? '')
  } catch {
    throw new FetchRefused('it is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FetchRefused('it is not a JSON object')
  }
  return value as Record<string, unknown>
}

/** The promise, or a rejection once the signal fires: a name lookup cannot be called back. */
function within<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    promise.then(resolve, reject)
  })
}

/** What the network said, in its stable words: ENOTFOUND, ECONNREFUSED, CERT_HAS_EXPIRED. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
