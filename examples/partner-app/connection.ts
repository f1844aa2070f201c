/**
 * The whole of OAuth in a partner app: four calls to openid-client. It keeps no state of its own; what must be
 * remembered between two of the calls is the caller's to keep.
 */
import * as openid from 'openid-client'

export interface ConnectionOptions {
  readonly issuer: string
  readonly clientId: string
  readonly scope: string
  readonly redirectUri: string
  /** Carries the requests to the server instead of the global fetch; for proxies, and for those who want to watch. */
  readonly fetch?: openid.CustomFetch
}

export type Connection = ReturnType<typeof createConnection>

export function createConnection({ issuer, clientId, scope, redirectUri, fetch }: ConnectionOptions) {
  let discovered: Promise<openid.Configuration> | undefined

  /** Read once, when first needed; a failure is not kept, so that the app may start before the server does. */
  function configuration(): Promise<openid.Configuration> {
    discovered ??= discover(issuer, clientId, fetch).catch((error) => {
      discovered = undefined
      throw error
    })
    return discovered
  }

  return {
    /** A fresh pair for every attempt: the verifier stays here, only its hash travels. */
    async begin() {
      const server = await configuration()
      const verifier = openid.randomPKCECodeVerifier()
      const state = openid.randomState()
      const url = openid.buildAuthorizationUrl(server, {
        redirect_uri: redirectUri,
        scope,
        state,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, pending: { state, verifier } }
    },

    /** Checks `state` and `iss` of the answer, then redeems its code with the verifier, server to server. */
    async finish(query: string, pending: { readonly state: string; readonly verifier: string }) {
      const server = await configuration()
      const answer = new URL(redirectUri)
      answer.search = query
      // The library refuses a wrong `iss`. A missing one it lets pass where the metadata do not announce it; we do not.
      if (!server.serverMetadata().authorization_response_iss_parameter_supported) {
        throw new Error('the authorization server does not announce `iss` in its answers (RFC 9207)')
      }
      return openid.authorizationCodeGrant(server, answer, {
        pkceCodeVerifier: pending.verifier,
        expectedState: pending.state,
      })
    },

    /** The answer carries a new refresh token; the old one is used up. */
    async refresh(refreshToken: string) {
      return openid.refreshTokenGrant(await configuration(), refreshToken)
    },
  }
}

function discover(issuer: string, clientId: string, fetch?: openid.CustomFetch): Promise<openid.Configuration> {
  const server = new URL(issuer)
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(server.hostname)
  return openid.discovery(server, clientId, undefined, openid.None(), {
    algorithm: 'oauth2',
    timeout: 10,
    ...(fetch && { [openid.customFetch]: fetch }),
    execute: server.protocol === 'http:' && isLoopback ? [openid.allowInsecureRequests] : [],
  })
}
