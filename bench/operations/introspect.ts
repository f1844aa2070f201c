import { BACKEND_ID } from '../servers/world.ts'
import { introspection, makeTokens, WrongAnswer } from './flow.ts'
import type { Operation } from './operation.ts'

/**
 * A confidential client asks about its own refresh token, which both servers know: JWT access tokens are not introspected by
 * oidc-provider.
 */
export const introspect: Operation = {
  name: 'introspect',
  servers: ['latchkey', 'oidc-provider'],
  async prepare(server, { exchange }) {
    const { refresh_token } = await makeTokens(server, exchange, BACKEND_ID)
    const request = introspection(server, refresh_token)
    return async (_lane, send) => {
      const answer = await send(request)
      const told: { active?: boolean; client_id?: string } = answer.status === 200 ? JSON.parse(answer.text) : {}
      if (!told.active || told.client_id !== BACKEND_ID) throw new WrongAnswer('the token is not active', answer)
    }
  },
}
