import type { Request, Response } from 'express'
import type { Endpoint } from '../http/endpoint.ts'
import { RETRY_SOON } from '../http/retry-after.ts'
import { sendJson } from '../http/send-json.ts'
import type { Clock } from '../lib/clock.ts'
import type { Store } from '../store/store.ts'

/** Whether the process lives: asks nothing of anyone. */
export function healthz(): Endpoint {
  const get = (_req: Request, res: Response) => {
    sendJson(res.set('Cache-Control', 'no-store'), { status: 'ok' })
  }
  return { path: '/healthz', atOrigin: true, alwaysAnswers: true, errors: 'json', methods: { GET: get, HEAD: get } }
}

/** Whether requests can be served: 503 while the store takes no writes or the process is about to stop. */
export function readyz(deps: { store: Pick<Store, 'check'>; clock: Clock; draining(): boolean }): Endpoint {
  const get = async (_req: Request, res: Response) => {
    const reasons = deps.draining() ? ['the server is stopping'] : (await deps.store.check(deps.clock.now())).problems
    const ready = reasons.length === 0
    res.set('Cache-Control', 'no-store').status(ready ? 200 : 503)
    if (!ready) res.set('Retry-After', RETRY_SOON)
    sendJson(res, ready ? { status: 'ready' } : { status: 'unavailable', reasons })
  }
  return { path: '/readyz', atOrigin: true, alwaysAnswers: true, errors: 'json', methods: { GET: get, HEAD: get } }
}
