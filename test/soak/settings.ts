import { makeKey } from '../../src/keys/make-key.ts'
import { ANSWERED_INTERACTION_LIFETIME } from '../../src/store/answered-interaction.ts'
import { CLIENT_SECRET, confidentialClient, publicClient } from '../helpers/fixtures.ts'
import { testEnvironment } from '../helpers/server.ts'
import { UNREACHED_LIMITS } from '../helpers/unreached-limits.ts'

/** Somebody who signs in. */
export interface Person {
  sub: string
  credentials: { username: string; password: string }
}

/** So many people go through flows at once. */
export const PEOPLE = 24

export const people: readonly Person[] = Array.from({ length: PEOPLE }, (_, index) => ({
  sub: `user-${index}`,
  credentials: { username: `person${index}`, password: `the password of person ${index}` },
}))

export const gateway = { client_id: 'gateway', client_secret: CLIENT_SECRET }
export const backend = { client_id: 'backend', client_secret: CLIENT_SECRET }
export const backendRedirect = 'https://backend.example/callback'

/** The longest of the times below, in seconds. */
const LONGEST_TTL = 120

/** Seconds after which nothing should be left of anyone who went all the way. */
export const ALL_ENDED = Math.max(LONGEST_TTL, ANSWERED_INTERACTION_LIFETIME / 1000) + 5

/** Times as short as the configuration allows, or nearly: everything is to end many times while the soak goes on. */
const TIMES = {
  AUTHORIZATION_CODE_TTL: '5',
  PUSHED_REQUEST_TTL: '5',
  ACCESS_TOKEN_TTL: '10',
  REFRESH_TOKEN_TTL: '60',
  REFRESH_TOKEN_MAX_TTL: '60',
  SESSION_TTL: '60',
  SESSION_MAX_TTL: '90',
  SESSION_KEPT_TTL: '0',
  CONSENT_TTL: `${LONGEST_TTL}`,
}

/** The environment of the server, which has a Redis of its own. */
export async function soakEnvironment(redisUrl: string): Promise<Record<string, string | undefined>> {
  const scope = 'openid read write'
  return testEnvironment({
    clients: [
      { ...publicClient, scope },
      { ...confidentialClient, scope },
      { ...confidentialClient, client_id: 'gateway', grant_types: ['client_credentials'], introspection: 'any' },
    ],
    users: people.map(({ sub, credentials }) => ({ sub, ...credentials })),
    env: {
      REDIS_URL: redisUrl,
      SIGNING_KEYS: JSON.stringify({ keys: [await makeKey('ES256', 'active')] }),
      ...TIMES,
      RATE_LIMITS: UNREACHED_LIMITS,
    },
  })
}
