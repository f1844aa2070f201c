/**
 * A partner's app, complete: it connects a person's account at the company through Latchkey and then reads reports in
 * that person's name. Every page also answers as JSON to `Accept: application/json`.
 */
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express'
import type { CustomFetch } from 'openid-client'
import { openPlace } from '../loopback.ts'
import { type Connection, createConnection } from './connection.ts'
import type { Html } from './html.ts'
import { apiPage, layout, problemPage, STYLE, shortenTokens, startPage } from './pages.ts'
import { problemOf } from './problems.ts'
import { createPartnerSessions } from './sessions.ts'

export interface PartnerAppOptions {
  readonly issuer: string
  readonly clientId: string
  readonly scope: string
  /** The endpoint of the company's API that this app wants to read. */
  readonly reportsUrl: string
  /** Taken by something else: any free port. */
  readonly port?: number
  readonly fetch?: CustomFetch
}

export interface PartnerApp {
  readonly url: string
  readonly redirectUri: string
  close(): Promise<void>
}

export async function startPartnerApp(options: PartnerAppOptions): Promise<PartnerApp> {
  const place = await openPlace(options.port)
  const redirectUri = `${place.url}/callback`
  place.serve(createPartnerApp(createConnection({ ...options, redirectUri }), options.reportsUrl))
  return { url: place.url, redirectUri, close: place.close }
}

function createPartnerApp(connection: Connection, reportsUrl: string): Express {
  const sessions = createPartnerSessions()
  const app = express()
  app.disable('x-powered-by')
  app.use((_request, response, next) => {
    response.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    })
    next()
  })

  app.get('/style.css', (_request, response) => {
    response.type('css').send(STYLE)
  })

  app.get('/', (request, response) => {
    const { tokens } = sessions.open(request, response)
    const json = { connected: tokens !== undefined, token_response: tokens && shortenTokens(tokens) }
    send(request, response, { title: 'Reports at a glance', page: startPage(tokens), json })
  })

  app.get('/connect', async (request, response) => {
    const { url, pending } = await connection.begin()
    sessions.open(request, response).pending = pending
    response.redirect(303, url)
  })

  app.get('/callback', async (request, response) => {
    const session = sessions.open(request, response)
    const { pending } = session
    if (pending === undefined)
      return sendProblem(request, response, 400, 'no_attempt', 'No connection is under way here.')
    // One answer an attempt. A second one, be it a reload or a stranger's, never reaches the server.
    session.pending = undefined
    session.tokens = await connection.finish(request.originalUrl.split('?')[1] ?? '', pending)
    sessions.rename(request, response)
    // On to a page without the code in its address.
    response.redirect(303, '/')
  })

  app.get('/call-api', async (request, response) => {
    const { tokens } = sessions.open(request, response)
    if (tokens === undefined) return sendProblem(request, response, 409, 'not_connected', 'Please connect first.')
    const answer = await fetch(reportsUrl, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
      signal: AbortSignal.timeout(5000),
    })
    const body: unknown = await answer.json()
    send(request, response, {
      title: 'Reports',
      page: apiPage(answer.status, body),
      json: { status: answer.status, body },
    })
  })

  // A form and a POST, since it changes something; the cookie is Lax, so no other site can send it for the person.
  app.post('/refresh', async (request, response) => {
    const session = sessions.open(request, response)
    if (session.tokens?.refresh_token === undefined) {
      return sendProblem(request, response, 409, 'not_connected', 'Please connect first.')
    }
    session.tokens = await connection.refresh(session.tokens.refresh_token)
    response.redirect(303, '/')
  })

  app.use(sendFault)
  return app
}

const sendFault: ErrorRequestHandler = (error, request, response, _next) => {
  console.error('partner app:', error instanceof Error ? error.message : error)
  const problem = problemOf(error)
  sendProblem(request, response, problem.status, problem.error, problem.text)
}

function sendProblem(request: Request, response: Response, status: number, error: string, text: string): void {
  response.status(status)
  send(request, response, { title: 'Not this time', page: problemPage(text), json: { error, text } })
}

interface Answer {
  readonly title: string
  readonly page: Html
  readonly json: unknown
}

function send(request: Request, response: Response, { title, page, json }: Answer): void {
  response.vary('Accept')
  if (request.accepts(['html', 'json']) === 'json') response.json(json)
  else response.type('html').send(layout(title, page))
}
