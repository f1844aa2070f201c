import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Express } from 'express'
import type { Secrets } from './secrets.ts'

/** Members of forms, queries and JSON answers whose values are secrets, or would be good for a while to whoever finds them. */
const SECRET_MEMBERS = [
  'access_token',
  'account',
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'csrf',
  'id_token',
  'id_token_hint',
  'password',
  'refresh_token',
  'request_uri',
  'token',
]

/** The application, with whoever stands on its line: every secret that comes in or goes out is noted. */
export function tap(app: Express, secrets: Secrets): Express {
  const tapped = (req: IncomingMessage, res: ServerResponse) => {
    noteHeaders(req, secrets)
    noteForm(req.url?.split('?')[1] ?? '', secrets)
    let body = ''
    const emit = req.emit.bind(req)
    req.emit = (event: string, ...args: unknown[]) => {
      if (event === 'data') body += String(args[0])
      if (event === 'end') noteForm(body, secrets)
      return emit(event, ...args)
    }
    const end = res.end.bind(res) as (...args: unknown[]) => ServerResponse
    res.end = ((...args: unknown[]) => {
      noteAnswer(res, String(args[0] ?? ''), secrets)
      return end(...args)
    }) as ServerResponse['end']
    app(req, res)
  }
  return tapped as unknown as Express
}

function noteHeaders({ headers }: IncomingMessage, secrets: Secrets): void {
  const [scheme, credentials = ''] = headers.authorization?.split(' ') ?? []
  secrets.keep('credentials', credentials)
  if (scheme === 'Basic') secrets.keep('secret of Basic', Buffer.from(credentials, 'base64').toString().split(':')[1])
  secrets.keep('proof', headers.dpop)
  for (const cookie of headers.cookie?.split('; ') ?? []) secrets.keep('cookie', cookie.slice(cookie.indexOf('=') + 1))
}

function noteForm(text: string, secrets: Secrets): void {
  for (const [name, value] of new URLSearchParams(text)) if (SECRET_MEMBERS.includes(name)) secrets.keep(name, value)
}

function noteAnswer(res: ServerResponse, body: string, secrets: Secrets): void {
  for (const cookie of [res.getHeader('set-cookie') ?? []].flat().map(String)) {
    secrets.keep('cookie', cookie.slice(cookie.indexOf('=') + 1).split(';')[0])
  }
  noteForm(String(res.getHeader('location') ?? '').split('?')[1] ?? '', secrets)
  for (const [, name = '', value] of body.matchAll(/"(\w+)": ?"([^"]*)"/g)) {
    if (SECRET_MEMBERS.includes(name)) secrets.keep(name, value)
  }
}
