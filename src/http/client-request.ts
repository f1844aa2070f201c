import type { Request, Response } from 'express'
import { authenticateClient } from '../client-auth/authenticate-client.ts'
import type { ClientAuthServices, ClientCredentials } from '../client-auth/client-auth-method.ts'
import type { Client } from '../oauth/client.ts'
import type { Params } from '../oauth/params.ts'
import { readForm } from './form.ts'
import { noteClient } from './request-facts.ts'

/** What of an HTTP request can prove who its client is. */
export function credentialsOf(req: Request, params: Params): ClientCredentials {
  return { authorization: req.headers.authorization, params, address: req.ip }
}

/** The form of a request and the client it proves to come from. Throws OAuthError as readForm and authenticateClient do. */
export async function readClientForm(
  req: Request,
  res: Response,
  services: ClientAuthServices,
): Promise<{ params: Params; client: Client }> {
  const params = await readForm(req)
  const client = await authenticateClient(credentialsOf(req, params), services)
  noteClient(res, client.client_id)
  return { params, client }
}
