import { makeCodes, readTokens, redemption } from './flow.ts'
import type { Operation } from './operation.ts'

/** A public client redeems a code. The codes come from the authorization endpoint, before the clock runs. */
export const redeem: Operation = {
  name: 'redeem',
  servers: ['latchkey', 'express-floor', 'node-floor', 'oidc-provider'],
  async prepare(server, { count, lanes, exchange }) {
    const codes = await makeCodes(server, count, lanes, exchange)
    return async (_lane, send) => void readTokens(await send(redemption(server, codes.pop() ?? 'no code is left')))
  },
}
