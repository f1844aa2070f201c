import { inLanes, makeTokens, readTokens, refreshment } from './flow.ts'
import type { Operation } from './operation.ts'

/** A public client refreshes: every lane has an authorization of its own and goes on with the token it got last. */
export const refresh: Operation = {
  name: 'refresh',
  servers: ['latchkey', 'express-floor', 'node-floor', 'oidc-provider'],
  async prepare(server, { lanes, exchange }) {
    const held = (await inLanes(lanes, lanes, () => makeTokens(server, exchange))).map((tokens) => tokens.refresh_token)
    return async (lane, send) => {
      held[lane] = readTokens(await send(refreshment(server, held[lane] ?? ''))).refresh_token
    }
  },
}
