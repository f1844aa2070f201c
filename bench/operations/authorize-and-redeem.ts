import { makeTokens } from './flow.ts'
import type { Operation } from './operation.ts'

/** A whole sign-in of somebody who need not be asked anything: a code, and the tokens for it. */
export const authorizeAndRedeem: Operation = {
  name: 'authorize+redeem',
  servers: ['latchkey', 'express-floor', 'node-floor', 'oidc-provider'],
  prepare: async (server) => async (_lane, send) => void (await makeTokens(server, send)),
}
