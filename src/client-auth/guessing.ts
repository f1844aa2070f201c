import { toSeconds } from '../lib/clock.ts'
import { networkOf } from '../lib/network.ts'
import type { Client } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Attempt, AttemptPolicy, Wait } from '../store/attempts.ts'
import {
  type ClientAuthMethod,
  type ClientAuthServices,
  type ClientCredentials,
  ClientRefused,
} from './client-auth-method.ts'

const SECOND = 1000

/**
 * RFC 6749 §2.3.1: an endpoint that takes client secrets must be protected against guessing. Five slips cost nothing; who
 * goes on gets one guess a minute. Waits are short since the true client may sit behind the same address.
 */
export const GUESSING: AttemptPolicy = {
  freeByName: 5,
  freeByNetwork: 100,
  firstWait: SECOND,
  longestWait: 60 * SECOND,
  memory: 15 * 60 * SECOND,
}

/** The longest client_id that is written to the log: it comes from a stranger. */
const LONGEST_LOGGED = 200

/**
 * Runs a proof so that guessing it gets slower with each failure.
 *
 * The proof is looked at first and judged after: one trip to the store settles both whether there is a wait and whether
 * this failure begins one, so no burst of parallel guesses gets ahead of the count. During a wait the answer is the same
 * whether the secret was right or not. A client that was right a moment ago is not judged again, which would be a trip for
 * each of its requests; one wrong secret ends that. A right signature is not judged at all: nobody can come by one by
 * guessing, so there is nothing to hide, and its client is not shut out by what others send from its address.
 *
 * @throws OAuthError `temporarily_unavailable` with status 429 during a wait, else whatever the proof throws
 */
export async function slowedDown(
  method: ClientAuthMethod,
  credentials: ClientCredentials,
  services: ClientAuthServices,
  prove: () => Promise<Client>,
): Promise<Client> {
  // Who only names itself has nothing to guess.
  if (method.proof === 'nothing') return prove()
  let client: Client
  try {
    client = await prove()
  } catch (error) {
    if (error instanceof ClientRefused) await judge(error.claimedId ?? '', false, credentials.address, services)
    throw error
  }
  if (method.proof === 'secret') await judge(client.client_id, true, credentials.address, services)
  return client
}

async function judge(
  claimed: string,
  right: boolean,
  address: string | undefined,
  services: ClientAuthServices,
): Promise<void> {
  const { attempts, clients, provenLately, clock, audit } = services
  const now = clock.now()
  const network = networkOf(address)
  if (!right) provenLately.forget(claimed, network)
  else if (provenLately.has(claimed, network, now)) return
  const passed = provenLately.begin(claimed, network, now)
  const attempt: Attempt = { network, claimed, registered: clients.find(claimed) !== undefined, right, now }
  const result = await attempts.judge(attempt, GUESSING)
  if (result.status === 'refused') throw tooManyFailures(attempt, result.until)
  if (result.status === 'passed') return passed()
  for (const wait of result.waits) {
    audit({ event: 'client.guessing', client_id: shortened(claimed), network, ...told(wait, now) })
  }
}

function told({ over, failures, until }: Wait, now: number): { over: Wait['over']; failures: number; wait: number } {
  return { over, failures, wait: toSeconds(until - now) }
}

/**
 * RFC 6749 has no code for this answer. `invalid_client` would make clients throw a good registration away, and
 * `slow_down` (RFC 8628 §3.5) means something else at this endpoint: `temporarily_unavailable` is the one whose meaning,
 * try again later, is true, and it is what this server says with 503.
 */
function tooManyFailures({ claimed, network, now }: Attempt, until: number): OAuthError {
  const seconds = Math.max(1, Math.ceil((until - now) / SECOND))
  return new OAuthError('temporarily_unavailable', 'too many failed client authentications; try again later', {
    status: 429,
    cause: 'guessing',
    detail: { client_id: shortened(claimed), network },
    headers: { 'Retry-After': `${seconds}` },
  })
}

function shortened(clientId: string): string {
  return clientId.slice(0, LONGEST_LOGGED)
}
