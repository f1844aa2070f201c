import type { Request, Response } from 'express'
import type { ClientRegistry } from '../clients/client-registry.ts'
import { type AccessTokenDeps, invalidToken, requireAccessToken } from '../http/access-token.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { readForm } from '../http/form.ts'
import { noteClient } from '../http/request-facts.ts'
import { sendJson } from '../http/send-json.ts'
import type { IdentitySource } from '../identity/identity-source.ts'
import type { Subjects } from '../identity/subjects.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import { OAuthError } from '../oauth/errors.ts'
import { claimsOf } from '../oauth/openid-claims.ts'
import { OPENID } from '../oauth/scope.ts'

/** What the userinfo endpoint works with. */
interface UserinfoDeps extends AccessTokenDeps {
  config: AccessTokenDeps['config'] & { issuer: string }
  clients: ClientRegistry
  identity: IdentitySource
  subjects: Subjects
  keys: SigningKeys
}

/** The userinfo endpoint (OpenID Connect Core §5.3): the claims of the user behind an access token, whatever its `aud`. */
export function userinfo(deps: UserinfoDeps): Endpoint {
  const answer = async (req: Request, res: Response) => {
    // RFC 9449 §9: with any answer, so that the next request need not be refused for it.
    res.set(deps.dpop.offer())
    // RFC 6750 §2.2: the token may come in a form, and only in one.
    const form = req.method === 'POST' && req.is('application/x-www-form-urlencoded') ? await readForm(req) : undefined
    const { scheme, claims, authorization } = await requireAccessToken(req, form, deps)
    noteClient(res, claims.client_id)
    const client = deps.clients.find(claims.client_id)
    const user = authorization && (await deps.identity.find(authorization.subject))
    if (client === undefined || authorization === undefined || user === undefined)
      throw invalidToken('user-or-client-gone', scheme)
    if (!claims.scope.split(' ').includes(OPENID)) {
      // RFC 6750 §3.1: the scope that would be needed is told.
      throw new OAuthError('insufficient_scope', 'the access token was not issued for the scope openid', {
        status: 403,
        headers: { 'WWW-Authenticate': `${scheme} error="insufficient_scope", scope="${OPENID}"` },
      })
    }

    const told = {
      ...claimsOf(user.claims, claims.scope.split(' '), authorization.claims?.userinfo ?? []),
      sub: deps.subjects.subjectFor(client, user.subject),
    }
    res.set('Cache-Control', 'no-store')
    const alg = client.userinfo_signed_response_alg
    if (alg === undefined) {
      sendJson(res, told)
      return
    }
    // Core §5.3.2: a signed answer names its issuer and the client it is for.
    const jwt = await deps.keys.sign({ ...told, iss: deps.config.issuer, aud: client.client_id }, undefined, alg)
    res.type('application/jwt').send(jwt)
  }

  return {
    path: '/oauth/userinfo',
    metadata: 'userinfo_endpoint',
    errors: 'json',
    cors: 'clients',
    methods: { GET: answer, POST: answer },
  }
}
