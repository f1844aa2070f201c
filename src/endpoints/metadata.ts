import type { Request, Response } from 'express'
import { grantTypes } from '../grant-types/registry.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { basePathOf } from '../http/issuer-url.ts'
import { sendDocument } from '../http/send-document.ts'
import { CHALLENGE_METHOD } from '../oauth/pkce.ts'
import { OFFLINE_ACCESS } from '../oauth/scope.ts'

const WELL_KNOWN = '/.well-known/oauth-authorization-server'

/**
 * The authorization server metadata (RFC 8414 §2), derived from the endpoints and registries and from ISSUER alone:
 * nothing a caller sends changes a byte of it.
 *
 * For an issuer with a path the document stands at both of its addresses: inserted before the path (§3.1) and below it.
 *
 * @param endpoints all others
 */
export function metadata(
  deps: { config: { issuer: string }; scopes(): Readonly<Record<string, string>> },
  endpoints: readonly Endpoint[],
): Endpoint[] {
  const { issuer } = deps.config
  const addresses = endpoints.flatMap(({ metadata: name, path }) => (name === undefined ? [] : [[name, issuer + path]]))

  const get = (_req: Request, res: Response) =>
    sendDocument(res, {
      issuer,
      ...Object.fromEntries(addresses),
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: grantTypes.map(({ name }) => name),
      scopes_supported: [...new Set([...Object.keys(deps.scopes()), OFFLINE_ACCESS])],
      ...Object.fromEntries(endpoints.flatMap(authMembers)),
      code_challenge_methods_supported: [CHALLENGE_METHOD],
      authorization_response_iss_parameter_supported: true,
    })

  const shared = { errors: 'json', cors: 'any', methods: { GET: get, HEAD: get } } as const
  const basePath = basePathOf(issuer)
  const below: Endpoint = { path: WELL_KNOWN, ...shared }
  return basePath === '' ? [below] : [below, { path: WELL_KNOWN + basePath, atOrigin: true, ...shared }]
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
