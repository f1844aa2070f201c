import request from 'supertest'
import { CLIENT_SECRET } from './fixtures.ts'
import type { AuthorizationRequest } from './request.ts'
import type { TestServer } from './server.ts'

/** Posts an authorization request to the pushed authorization request endpoint. */
export function push(
  server: TestServer,
  params: Record<string, string>,
  headers: Record<string, string> = {},
): request.Test {
  return request(server.app).post('/oauth/par').set(headers).type('form').send(params)
}

/** The Authorization header of a client with the secret of the fixtures. */
export function basic(clientId: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${clientId}:${CLIENT_SECRET}`).toString('base64')}` }
}

/** The request as the browser carries it once it is pushed: by its reference, and whatever is appended to that. */
export async function pushed(
  server: TestServer,
  wanted: AuthorizationRequest,
  appended: Record<string, string> = {},
): Promise<AuthorizationRequest & { requestUri: string }> {
  const { status, body } = await push(server, wanted.params)
  if (status !== 201) throw new Error(`not pushed: ${JSON.stringify(body)}`)
  const params = { client_id: wanted.params.client_id as string, request_uri: body.request_uri as string, ...appended }
  return { ...wanted, requestUri: params.request_uri, query: () => new URLSearchParams(params).toString() }
}
