import type { BenchServer } from '../servers/server.ts'
import { WrongAnswer } from './flow.ts'
import type { Operation } from './operation.ts'

/** The authorization server metadata. */
export const metadata = document('metadata', '"token_endpoint":', (server) => server.paths.metadata)

/** The public keys. */
export const jwks = document('jwks', '"kty":"EC"', (server) => server.paths.jwks)

/** @param mark what stands in the document for sure */
function document(name: 'metadata' | 'jwks', mark: string, pathOf: (server: BenchServer) => string): Operation {
  return {
    name,
    servers: ['latchkey', 'express-floor', 'node-floor', 'oidc-provider'],
    async prepare(server) {
      const request = { method: 'GET', path: pathOf(server) } as const
      return async (_lane, send) => {
        const answer = await send(request)
        if (answer.status !== 200 || !answer.text.includes(mark)) throw new WrongAnswer(`no ${name} came`, answer)
      }
    },
  }
}
