import type { Request, Response } from 'express'
import type { ClientAuthMethod } from '../client-auth/client-auth-method.ts'
import type { AddressLimit } from '../config/rate-limits.ts'

/** One address of the server: everything about it, so that routes and metadata are derived from the list of them. */
export interface Endpoint {
  /** Below the issuer's path; exact, in Express's spelling. */
  path: string
  /** Where it stands instead: below the origin, for addresses that a specification or an operator's probe fixes there. */
  atOrigin?: true
  /** Its member in the authorization server metadata (RFC 8414 §2), where it has one. */
  metadata?: string
  /** The ways in which clients may authenticate here; told in the metadata where they stand. */
  authMethods?: readonly ClientAuthMethod[]
  /** How refusals are told: to programs or to people. */
  errors: 'json' | 'page'
  /** Which browser pages elsewhere may read it: any, those of the clients, or none (absent). */
  cors?: 'any' | 'clients'
  /** Pages that do nothing by being loaded, so that browsers may do that ahead of time. */
  inert?: true
  /** Answers however busy the server is: for an operator's probes. */
  alwaysAnswers?: true
  /** The limit that its requests count against by address, before anything is read of them. */
  limit?: AddressLimit
  /** Handlers by HTTP method; every other method is 405. */
  methods: Partial<Record<Method, Handler>>
}

export type Method = 'GET' | 'HEAD' | 'POST'

export type Handler = (req: Request, res: Response) => Promise<void> | void
