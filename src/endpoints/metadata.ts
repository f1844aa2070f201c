import type { Request, Response } from 'express'
import { DPOP_ALGORITHMS } from '../dpop/proof.ts'
import { grantTypes } from '../grant-types/registry.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { basePathOf } from '../http/issuer-url.ts'
import { sendDocument, writeDocument } from '../http/send-document.ts'
import type { Views } from '../http/views.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import { whileSame } from '../lib/while-same.ts'
import type { LocalizedText } from '../locale/localized-text.ts'
import { OPENID_SCOPES, supportedClaims } from '../oauth/openid-claims.ts'
import { CHALLENGE_METHOD } from '../oauth/pkce.ts'
import { OFFLINE_ACCESS } from '../oauth/scope.ts'
import type { SigningAlgorithm } from '../oauth/signing-algorithm.ts'

/** One document at both of its names: RFC 8414 §3 and OpenID Connect Discovery §4. */
const WELL_KNOWN = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']

/**
 * The authorization server metadata (RFC 8414 §2), derived from the endpoints and registries and from ISSUER alone:
 * nothing a caller sends changes a byte of it.
 *
 * For an issuer with a path the document stands at both of its addresses: inserted before the path (§3.1) and below it.
 *
 * @param endpoints all others
 */
export function metadata(
  deps: {
    config: { issuer: string; requirePushedRequests: boolean }
    keys: SigningKeys
    views: Pick<Views, 'languages'>
    scopes(): Readonly<Record<string, LocalizedText>>
  },
  endpoints: readonly Endpoint[],
): Endpoint[] {
  const { issuer } = deps.config
  const addresses = endpoints.flatMap(({ metadata: name, path }) => (name === undefined ? [] : [[name, issuer + path]]))

  const write = (scopes: Readonly<Record<string, LocalizedText>>, algorithms: readonly SigningAlgorithm[]) =>
    writeDocument({
      issuer,
      ...Object.fromEntries(addresses),
      ...Object.fromEntries(endpoints.flatMap(authMembers)),
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'form_post'],
      grant_types_supported: grantTypes.map(({ name }) => name),
      scopes_supported: [...new Set([...OPENID_SCOPES, ...Object.keys(scopes), OFFLINE_ACCESS])],
      dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
      code_challenge_methods_supported: [CHALLENGE_METHOD],
      authorization_response_iss_parameter_supported: true,
      require_pushed_authorization_requests: deps.config.requirePushedRequests,
      ui_locales_supported: deps.views.languages.map(({ tag }) => tag),
      ...openIdMembers(algorithms),
    })
  // A reload changes these and nothing else of it.
  const document = whileSame(() => [deps.scopes(), deps.keys.algorithms()], write)
  const get = (req: Request, res: Response) => sendDocument(req, res, document())

  const shared = { errors: 'json', cors: 'any', methods: { GET: get, HEAD: get } } as const
  const basePath = basePathOf(issuer)
  return WELL_KNOWN.flatMap((path): Endpoint[] => {
    const below: Endpoint = { path, ...shared }
    return basePath === '' ? [below] : [below, { path: path + basePath, atOrigin: true, ...shared }]
  })
}

/** What OpenID Connect Discovery §3 asks for beyond RFC 8414. Only what works is told. */
function openIdMembers(algorithms: readonly SigningAlgorithm[]): Record<string, unknown> {
  return {
    subject_types_supported: ['public', 'pairwise'],
    id_token_signing_alg_values_supported: algorithms,
    userinfo_signing_alg_values_supported: algorithms,
    claim_types_supported: ['normal'],
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'nonce',
      'acr',
      'amr',
      'sid',
      ...supportedClaims,
    ],
    claims_parameter_supported: true,
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  }
}

/** How clients may authenticate at an endpoint, and with which signatures. */
function authMembers({ metadata: name, authMethods }: Endpoint): Array<[string, string[]]> {
  if (name === undefined || authMethods === undefined) return []
  const algorithms = [...new Set(authMethods.flatMap((method) => method.algorithms ?? []))]
  return [
    [`${name}_auth_methods_supported`, authMethods.map((method) => method.name)],
    ...(algorithms.length === 0
      ? []
      : [[`${name}_auth_signing_alg_values_supported`, algorithms] as [string, string[]]]),
  ]
}
