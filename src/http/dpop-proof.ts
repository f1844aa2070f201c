import type { Request } from 'express'
import type { Dpop } from '../dpop/dpop.ts'
import type { ProvenRequest } from '../dpop/proof-claims.ts'

/** What proofs are checked with. */
export interface ProofDeps {
  config: { issuer: string }
  dpop: Dpop
}

/**
 * The thumbprint of the key that a request proves to hold (RFC 9449 §4.3); undefined where it carries no proof. Throws
 * OAuthError as Dpop.prove does.
 */
export async function proveKey(
  req: Request,
  { config, dpop }: ProofDeps,
  token: Pick<ProvenRequest, 'accessToken'> & { boundTo?: string } = {},
): Promise<string | undefined> {
  if (req.headers.dpop === undefined) return undefined
  // Routes are exact, so the path is one of ours; scheme and host, which proxies change and callers choose, are ISSUER's.
  const uri = new URL(config.issuer).origin + req.path
  // The header fields one by one: what req.headers gives has several joined into one.
  return dpop.prove(req.headersDistinct.dpop ?? [], { method: req.method, uri, ...token })
}
