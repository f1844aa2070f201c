/** The operations on the HTTP server of Node with nothing around them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parse } from 'node:querystring'
import { createFloorWork } from './floor-work.ts'

const { work, cookie } = await createFloorWork(process.env)

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [path, query = ''] = (req.url ?? '').split('?')
  switch (path) {
    case '/oauth/token': {
      const answer = await work.token(parse(await readBody(req)))
      if (answer === undefined) sendJson(res, 400, { error: 'invalid_grant' })
      else sendJson(res, 200, answer)
      return
    }
    case '/oauth/authorize': {
      const location = await work.authorize(parse(query), req.headers.cookie)
      if (location === undefined) res.writeHead(403).end()
      else res.writeHead(302, { 'Cache-Control': 'no-store', Location: location, 'Content-Length': 0 }).end()
      return
    }
    case '/.well-known/oauth-authorization-server':
      return sendJson(res, 200, work.metadata)
    case '/.well-known/jwks.json':
      return sendJson(res, 200, work.jwks)
    case '/cookie':
      res.end(cookie)
      return
    default:
      res.writeHead(404).end()
  }
}

function readBody(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    req.setEncoding('latin1')
    req.on('data', (chunk: string) => {
      text += chunk
    })
    req.on('end', () => resolve(text))
    req.on('error', reject)
  })
}

function sendJson(res: ServerResponse, status: number, value: object): void {
  const body = Buffer.from(JSON.stringify(value))
  res.writeHead(status, {
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
  })
  res.end(body)
}

createServer((req, res) => {
  handle(req, res).catch(() => res.writeHead(500).end())
}).listen(Number(process.env.PORT), '127.0.0.1')
