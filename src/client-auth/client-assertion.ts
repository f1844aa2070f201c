import type { KeyObject } from 'node:crypto'
import { compactVerify } from 'jose'
import type { KeyHeader } from '../clients/client-keys.ts'
import { readJsonObject } from '../lib/json-object.ts'
import type { Client } from '../oauth/client.ts'
import { type Params, requireParam } from '../oauth/params.ts'
import { ASYMMETRIC_ALGORITHMS, isSameAlgorithm } from '../oauth/public-key.ts'
import { hasAssertion, readAssertion } from './assertion.ts'
import { readClaims } from './assertion-claims.ts'
import { type ClientAuthMethod, type ClientAuthServices, invalidClient } from './client-auth-method.ts'

/** RFC 7523 §2.2. */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** A JWT signed with the client's private key (RFC 7523 §2.2, OpenID Connect Core §9). */
export const privateKeyJwt = assertionMethod({
  name: 'private_key_jwt',
  algorithms: ASYMMETRIC_ALGORITHMS,
  proof: 'signature',
  // Whatever is no sound HMAC is refused here, so that exactly one of the two methods is ever tried.
  matches: (params) => !isHmac(params),

  async findKeys(client, header, { clientKeys }) {
    const found = await clientKeys.find(client, header)
    if (found.status === 'found') return found.keys.map(({ key }) => key)
    throw invalidClient('jwks-uri-unreachable', client.client_id, false, { reason: found.reason })
  },
})

/** A JWT whose HMAC is made with the client's secret (RFC 7523 §2.2, OpenID Connect Core §9). */
export const clientSecretJwt = assertionMethod({
  name: 'client_secret_jwt',
  algorithms: ['HS256'],
  // Whoever guesses the secret can make the HMAC, so a right one may be a guess.
  proof: 'secret',
  matches: isHmac,
  findKeys: async (client) => client.hmacKeys ?? [],
})

/** What tells the two methods apart. */
interface AssertionKind {
  name: string
  algorithms: readonly string[]
  proof: 'secret' | 'signature'
  matches(params: Params): boolean
  findKeys(client: Client, header: KeyHeader, services: ClientAuthServices): Promise<readonly KeyObject[]>
}

function assertionMethod({ name, algorithms, proof, matches, findKeys }: AssertionKind): ClientAuthMethod {
  return {
    name,
    registrations: [name],
    algorithms,
    proof,

    matches: ({ params }) => hasAssertion(params) && matches(params),

    async authenticate({ params }, services) {
      const type = requireParam(params, 'client_assertion_type')
      const assertion = readAssertion(requireParam(params, 'client_assertion'))
      if (type !== JWT_BEARER) throw invalidClient('wrong-assertion-type', params.client_id, false)
      if ('cause' in assertion) throw invalidClient(assertion.cause, params.client_id, false)

      const { jws, alg, kid, claimedClientId: clientId } = assertion
      const refuse = (cause: string) => invalidClient(cause, clientId, false, { alg: cut(alg), kid: cut(kid) })
      // RFC 7521 §4.2: client_id is not needed, and where it is sent it must name the same client.
      if (params.client_id !== undefined && params.client_id !== clientId) throw refuse('two-client-ids')
      const client = services.clients.find(clientId)
      if (client === undefined) throw refuse('unknown-client')
      // Before any key is touched: the client's registration decides the method, never the header (CVE-2015-9235).
      if (client.token_endpoint_auth_method !== name) throw refuse('wrong-auth-method')
      if (!allowedAlgorithms(client, algorithms).includes(alg)) throw refuse('wrong-alg')

      const keys = await findKeys(client, { alg, kid }, services)
      if (keys.length === 0) throw refuse('no-key-fits')
      const claims = await verify(jws, alg, keys)
      if (claims === undefined) throw refuse('wrong-signature')
      const read = readClaims(claims, { clientId, issuer: services.issuer, now: services.clock.now() })
      if ('cause' in read) throw refuse(read.cause)
      // Last of all, so that only the client itself can use an assertion up.
      const first = await services.assertions.use(
        `client-assertion ${clientId}`,
        read.jti,
        read.acceptedUntil,
        services.clock.now(),
      )
      if (!first) {
        services.audit({ event: 'client.assertion_replayed', client_id: clientId, jti: read.jti.slice(0, 64) })
        throw refuse('assertion-replayed')
      }
      return client
    },
  }
}

function isHmac(params: Params): boolean {
  const assertion = readAssertion(params.client_assertion ?? '')
  return 'alg' in assertion && assertion.alg.startsWith('HS')
}

function allowedAlgorithms(client: Client, algorithms: readonly string[]): readonly string[] {
  const pinned = client.token_endpoint_auth_signing_alg
  return pinned === undefined ? algorithms : algorithms.filter((alg) => isSameAlgorithm(alg, pinned))
}

/** The claims of the assertion if one of the keys has signed it. */
async function verify(
  jws: string,
  alg: string,
  keys: readonly KeyObject[],
): Promise<Record<string, unknown> | undefined> {
  for (const key of keys) {
    try {
      const { payload } = await compactVerify(jws, key, { algorithms: [alg] })
      return readJsonObject(payload)
    } catch {
      // Not this key: whatever jose says about it, the next one may be right, and in the end none was.
    }
  }
  return undefined
}

/** A stranger's text for the log. */
function cut(text: string | undefined): string | undefined {
  return text?.slice(0, 64)
}
