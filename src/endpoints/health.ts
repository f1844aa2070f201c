import type { Request, Response } from 'express'
import type { Endpoint } from '../http/endpoint.ts'
import type { Store } from '../store/store.ts'

/** Whether the process lives: asks nothing of anyone. */
export function healthz(): Endpoint {
  const get = (_req: Request, res: Response) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' })
  }
  return { path: '/healthz', atOrigin: true, errors: 'json', methods: { GET: get, HEAD: get } }
}

/** Whether requests can be served: 503 while the store is out of reach or the process is about to stop. */
export function readyz(deps: { store: Pick<Store, 'ping'>; draining(): boolean }): Endpoint {
  const get = async (_req: Request, res: Response) => {
    const reason = deps.draining() ? 'the server is stopping' : await storeProblem(deps.store)
    res.set('Cache-Control', 'no-store').status(reason === undefined ? 200 : 503)
    if (reason !== undefined) res.set('Retry-After', '2')
    res.json(reason === undefined ? { status: 'ready' } : { status: 'not ready', reason })
  }
  return { path: '/readyz', atOrigin: true, errors: 'json', methods: { GET: get, HEAD: get } }
}

async function storeProblem(store: Pick<Store, 'ping'>): Promise<string | undefined> {
  try {
    await store.ping()
    return undefined
  } catch {
    return 'the store is out of reach'
  }
}
