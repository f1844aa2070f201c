import type { Request, Response } from 'express'
import type { PushedRequests } from '../authorization/pushed-requests.ts'
import { readAuthorizationRequest } from '../authorization/read-request.ts'
import { resolveTarget } from '../authorization/target.ts'
import type { ClientAuthServices } from '../client-auth/client-auth-method.ts'
import type { ClientRegistry } from '../clients/client-registry.ts'
import { readClientForm } from '../http/client-request.ts'
import { type ProofDeps, proveKey } from '../http/dpop-proof.ts'
import type { Endpoint } from '../http/endpoint.ts'
import type { RateLimiter } from '../http/rate-limits.ts'
import { sendJson } from '../http/send-json.ts'
import { withProvenKey } from '../oauth/dpop-params.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Resources } from '../oauth/resource.ts'
import type { Audit } from '../telemetry/events.ts'
import type { IdTokens } from '../tokens/id-token.ts'

/** What pushing works with. */
interface ParDeps extends ProofDeps {
  config: ProofDeps['config'] & { resources: Resources }
  clients: ClientRegistry
  clientAuth: ClientAuthServices
  rateLimits: RateLimiter
  idTokens: IdTokens
  pushedRequests: PushedRequests
  audit: Audit
}

/**
 * The pushed authorization request endpoint (RFC 9126 §2). The client proves itself and says everything it would say at
 * the authorization endpoint; what is wrong with it is told here, as JSON, where the client can read it (§2.3).
 *
 * It names no authentication methods of its own in the metadata: those of the token endpoint are the ones here (§2).
 */
export function par(deps: ParDeps): Endpoint {
  const { clients, pushedRequests, audit } = deps

  const post = async (req: Request, res: Response) => {
    res.set(deps.dpop.offer())
    const { params, client } = await readClientForm(req, res, deps.clientAuth)
    await deps.rateLimits.byClient('par-by-client', client, req, res)
    // §2.1: a reference to a pushed request is nothing to push.
    if (params.request_uri !== undefined) {
      throw new OAuthError('invalid_request', 'request_uri must not be pushed', { cause: 'request-uri-pushed' })
    }
    // Whoever authenticates by a header or an assertion has said who they are there.
    const named = { ...params, client_id: client.client_id }
    // RFC 9449 §10.1: a proof binds the code to its key, as dpop_jkt does.
    const pushed = withProvenKey(named, await proveKey(req, deps))
    const target = resolveTarget(pushed, clients)
    const request = await readAuthorizationRequest(pushed, target, deps)
    const { id, requestUri, lifetime } = await pushedRequests.push(request)
    const { clientId, scope } = request
    audit({ event: 'request.pushed', client_id: clientId, authorization_id: id, scope })
    res.status(201).set('Cache-Control', 'no-store')
    sendJson(res, { request_uri: requestUri, expires_in: Math.floor(lifetime / 1000) })
  }

  return {
    path: '/oauth/par',
    metadata: 'pushed_authorization_request_endpoint',
    errors: 'json',
    cors: 'clients',
    limit: 'par-by-address',
    methods: { POST: post },
  }
}
