/** The company's API that partner apps want to reach: one list of reports behind one scope. */
import express, { type ErrorRequestHandler, type Express } from 'express'
import { openPlace } from '../loopback.ts'
import { createBearerCheck, sendRefusal } from './bearer.ts'

export interface ResourceApiOptions {
  readonly issuer: string
  /** Taken by something else: any free port. */
  readonly port?: number
}

export interface ResourceApi {
  readonly url: string
  close(): Promise<void>
}

export async function startResourceApi({ issuer, port }: ResourceApiOptions): Promise<ResourceApi> {
  const place = await openPlace(port)
  place.serve(createResourceApi(issuer, place.url))
  return { url: place.url, close: place.close }
}

const REPORTS = [
  { id: 'r-1', title: 'Revenue by quarter', pages: 12 },
  { id: 'r-2', title: 'Letters to the engine room', pages: 3 },
]

function createResourceApi(issuer: string, audience: string): Express {
  const checkBearer = createBearerCheck({ issuer, audience })
  const app = express()
  app.disable('x-powered-by')

  app.get('/reports', async (request, response) => {
    const verdict = await checkBearer(request, 'reports.read')
    response.set('Cache-Control', 'no-store')
    if (verdict.status !== 'accepted') return sendRefusal(response, verdict, 'reports.read')
    response.json({ owner: verdict.claims.sub, asked_by: verdict.claims.client_id, reports: REPORTS })
  })

  app.use(sendTrouble)
  return app
}

/** What is left is trouble on our side, in practice that the server's keys are out of reach. */
const sendTrouble: ErrorRequestHandler = (error, _request, response, _next) => {
  console.error('resource API:', error instanceof Error ? error.message : error)
  response.set('Retry-After', '5').status(503).json({ error: 'temporarily_unavailable' })
}
