import { authorizationRequest, readCode } from './flow.ts'
import type { Operation } from './operation.ts'

/** A browser that is signed in, and whose person has consented before, is sent back with a code without a page. */
export const authorize: Operation = {
  name: 'authorize',
  servers: ['latchkey', 'express-floor', 'node-floor', 'oidc-provider'],
  async prepare(server) {
    const request = authorizationRequest(server)
    return async (_lane, send) => void readCode(await send(request))
  },
}
