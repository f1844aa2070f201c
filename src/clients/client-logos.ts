import { createBoundedMap } from '../lib/bounded-map.ts'
import type { Clock } from '../lib/clock.ts'
import { sha256 } from '../lib/digest.ts'
import { IMAGE_TYPES, type ImageType, imageType } from '../lib/image-type.ts'
import { type FetchBytes, FetchRefused } from '../lib/safe-fetch.ts'
import type { Client } from '../oauth/client.ts'
import type { Logger } from '../telemetry/logger.ts'

/** A picture of a client. */
export interface Logo {
  type: ImageType
  bytes: Buffer
}

/**
 * The pictures behind logo_uris, kept in memory. Browsers get them from us: at the client's own address each sign-in would
 * be told to it before the person has said anything, and our pages load nothing from elsewhere.
 */
export interface ClientLogos {
  /**
   * The digest by which the client's logo can be found now. Never waits: where there is none yet, or it is a day old, a
   * fetch begins behind the caller's back.
   */
  logoOf(client: Pick<Client, 'client_id' | 'logo_uri'>): string | undefined
  find(digest: string): Logo | undefined
  /** Resolves once a fetch of the client's logo is over, where one is under way or due; never rejects. */
  load(client: Pick<Client, 'client_id' | 'logo_uri'>): Promise<void>
}

/** How a logo is asked for, how large it may be in bytes, and how long it may take in milliseconds. */
export const LOGO_FETCH = { accept: IMAGE_TYPES.join(', '), largest: 131_072, timeout: 3000 }

const FRESH_FOR = 86_400_000
const COOLDOWN = 600_000
const MOST_AT_ONCE = 4
const BOUNDS = { most: 500, largest: 16_777_216 }

/** What is known of one address. */
interface Entry {
  triedAt: number
  /** The last good answer: a failure after it takes nothing away from it. */
  digest?: string
  goodAt?: number
  /** What the last try came to, where it failed. */
  problem?: string
}

export function createClientLogos(deps: {
  fetchBytes: FetchBytes
  clock: Clock
  logger: Pick<Logger, 'warn'>
}): ClientLogos {
  const { fetchBytes, clock, logger } = deps
  const logos = createBoundedMap<Logo>({ ...BOUNDS, sizeOf: ({ bytes }) => bytes.length })
  const addresses = createBoundedMap<Entry>({ ...BOUNDS, sizeOf: () => 0 })
  const underWay = new Map<string, Promise<void>>()

  const isDue = ({ triedAt, goodAt }: Entry, isHeld: boolean): boolean => {
    const now = clock.now()
    if (now - triedAt < COOLDOWN) return false
    return !isHeld || goodAt === undefined || now - goodAt >= FRESH_FOR
  }

  const fetch = async (uri: string, clientId: string): Promise<void> => {
    const before = addresses.get(uri)
    try {
      const logo = readLogo(await fetchBytes(uri))
      const digest = sha256(`${uri}\n${sha256(logo.bytes)}`)
      logos.set(digest, logo)
      addresses.set(uri, { triedAt: clock.now(), digest, goodAt: clock.now() })
    } catch (error) {
      // Nobody waits for this promise: whatever it came to ends here.
      const problem = (error as Error).message
      addresses.set(uri, { ...before, triedAt: clock.now(), problem })
      if (problem !== before?.problem)
        logger.warn({ client_id: clientId, reason: problem }, 'The logo of a client was not fetched')
    }
  }

  const start = (uri: string, clientId: string): void => {
    // Whoever finds no place asks again with the next page.
    if (underWay.has(uri) || underWay.size >= MOST_AT_ONCE) return
    underWay.set(
      uri,
      fetch(uri, clientId).finally(() => underWay.delete(uri)),
    )
  }

  const logoOf: ClientLogos['logoOf'] = ({ client_id, logo_uri }) => {
    if (logo_uri === undefined) return undefined
    const entry = addresses.get(logo_uri)
    const digest = entry?.digest
    const isHeld = digest !== undefined && logos.get(digest) !== undefined
    if (entry === undefined || isDue(entry, isHeld)) start(logo_uri, client_id)
    return isHeld ? digest : undefined
  }

  return {
    logoOf,
    find: (digest) => logos.get(digest),
    async load(client) {
      logoOf(client)
      await underWay.get(client.logo_uri ?? '')
    },
  }
}

function readLogo(bytes: Buffer): Logo {
  const type = imageType(bytes)
  if (type === undefined) throw new FetchRefused(`it is no picture of the types ${IMAGE_TYPES.join(', ')}`)
  return { type, bytes }
}
