import type { ClientRegistry } from '../clients/client-registry.ts'
import { sha256 } from '../lib/digest.ts'
import { readBase64Text, readPercentEncoded } from '../lib/encoding.ts'
import { safeEqual } from '../lib/safe-equal.ts'
import type { Client } from '../oauth/client.ts'
import { OAuthError } from '../oauth/errors.ts'
import { requireParam } from '../oauth/params.ts'
import { type ClientAuthMethod, invalidClient } from './client-auth-method.ts'

/** Libraries mix the two roads of one secret, so a client registered for either may take either. */
const EITHER_ROAD = ['client_secret_basic', 'client_secret_post']

/** The secret in the Authorization header (RFC 6749 §2.3.1). */
export const clientSecretBasic: ClientAuthMethod = {
  name: 'client_secret_basic',
  registrations: EITHER_ROAD,
  proof: 'secret',

  matches: ({ authorization }) => authorization !== undefined,

  async authenticate({ authorization, params }, { clients }) {
    const readings = readBasic(authorization ?? '')
    if (readings.length === 0) throw invalidClient('malformed-basic-header', undefined, true)
    const reading = readings.find(({ clientId }) => clients.find(clientId) !== undefined) ?? readings[0]
    const clientId = (reading as Reading).clientId
    if (params.client_id !== undefined && params.client_id !== clientId) {
      throw new OAuthError('invalid_request', 'client_id differs from the one in the Authorization header', {
        cause: 'two-client-ids',
      })
    }
    const secrets = readings.filter((candidate) => candidate.clientId === clientId).map(({ secret }) => secret)
    return requireSecret(clients, clientId, secrets, true)
  },
}

/** The secret in the form (RFC 6749 §2.3.1). */
export const clientSecretPost: ClientAuthMethod = {
  name: 'client_secret_post',
  registrations: EITHER_ROAD,
  proof: 'secret',

  matches: ({ params }) => params.client_secret !== undefined,

  async authenticate({ params }, { clients }) {
    return requireSecret(clients, requireParam(params, 'client_id'), [requireParam(params, 'client_secret')], false)
  },
}

interface Reading {
  clientId: string
  secret: string
}

/**
 * What a Basic header may mean. RFC 6749 §2.3.1 says both parts are form-encoded; half of the libraries do so and half send
 * them raw, and nothing in the header tells which. Both readings of the same bytes are tried: it is no easier to guess either.
 */
function readBasic(header: string): Reading[] {
  const credentials = /^Basic +([^ ]+)$/i.exec(header)?.[1]
  const text = credentials === undefined ? undefined : readBase64Text(credentials)
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon === -1) return []
  const raw = { clientId: text.slice(0, colon), secret: text.slice(colon + 1) }
  const clientId = readPercentEncoded(raw.clientId)
  const secret = readPercentEncoded(raw.secret)
  return clientId === undefined || secret === undefined ? [raw] : [{ clientId, secret }, raw]
}

function requireSecret(
  clients: ClientRegistry,
  clientId: string,
  secrets: readonly string[],
  viaHeader: boolean,
): Client {
  const client = clients.find(clientId)
  const presented = secrets.map((secret) => sha256(secret))
  // Every live hash is compared, found or not, so that the time tells nothing.
  const matches = (client?.secretHashes ?? ['']).filter((live) => presented.some((hash) => safeEqual(hash, live)))
  if (client === undefined) throw invalidClient('unknown-client', clientId, viaHeader)
  if (matches.length === 0) throw invalidClient('wrong-secret', clientId, viaHeader)
  return client
}
