import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { createApp } from '../../src/app.ts'
import { systemRandom } from '../../src/lib/random.ts'
import { writeRefreshToken } from '../../src/oauth/handles.ts'
import { closePort, openPort } from '../helpers/listen.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const LIMIT = 3
const METADATA = '/.well-known/oauth-authorization-server'
const LINE = 'too many requests at once: new ones are refused'

let server: TestServer
let http: Server
let port: number
let sockets: Socket[]
/** The newest connection as the server sees it. */
let accepted: Socket | undefined
/** Requests that wait for the store. */
let waiting: number
/** Lets the store answer. */
let release: () => void
/** The statuses of the requests that it was filled with. */
let filling: Promise<number[]>
beforeEach(async () => {
  server = await testServer({ env: { MAX_CONCURRENT_REQUESTS: `${LIMIT}` } })
  sockets = []
  waiting = 0
  filling = Promise.resolve([])
  release = () => undefined
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const { authorizations } = server.deps.store
  const { rotate } = authorizations
  authorizations.rotate = async (rotation) => {
    waiting++
    await gate
    return rotate(rotation)
  }
  http = createServer(createApp(server.deps))
  http.on('connection', (socket) => {
    accepted = socket
  })
  port = await openPort(http)
})
afterEach(async () => {
  release()
  await filling
  for (const socket of sockets) socket.destroy()
  await closePort(http)
  await server.close()
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: 'manual' })

/** The form of a refresh that the store has to judge. */
const refreshForm = () =>
  new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'app',
    refresh_token: writeRefreshToken(systemRandom.id(), 1, server.deps.handles),
  }).toString()

const refresh = () =>
  fetch(`http://127.0.0.1:${port}/oauth/token`, { method: 'POST', body: new URLSearchParams(refreshForm()) })

const head = (length: number) =>
  `POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\n`

function open(text: string): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  sockets.push(socket)
  socket.write(text)
  return socket
}

const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}

/** Sends as many requests as there may be, each of which waits for the store. */
async function fill(): Promise<void> {
  filling = Promise.all(Array.from({ length: LIMIT }, async () => (await refresh()).status))
  await until(() => waiting === LIMIT)
}

describe('a request beyond MAX_CONCURRENT_REQUESTS', () => {
  it('is refused at once, and served again once the others are answered', async () => {
    await fill()
    const refused = await refresh()
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('2')
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect(await refused.json()).toEqual({
      error: 'temporarily_unavailable',
      error_description: 'the server has too much to do; try again in a moment',
    })
    expect(waiting).toBe(LIMIT)

    release()
    expect(await filling).toEqual(Array(LIMIT).fill(400))
    await until(async () => (await get(METADATA)).status === 200)
  })

  it('is refused by a page where people go, which other pages may read as ever where programs go', async () => {
    await fill()
    const page = await get(`/oauth/authorize?${server.request().query()}`)
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('One moment, please')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const document = await get(METADATA, { origin: 'https://elsewhere.example' })
    expect([document.status, document.headers.get('access-control-allow-origin')]).toEqual([503, '*'])
  })

  it('is answered all the same where it is a probe', async () => {
    await fill()
    expect((await get('/healthz')).status).toBe(200)
    expect((await get('/readyz')).status).toBe(200)
  })

  it('has a line of the log in common with all others of the minute', async () => {
    await fill()
    const idOf = (answer: Response) => answer.headers.get('latchkey-error-id')
    const lines = () => server.logs().filter(({ msg }) => msg === LINE)
    const first = idOf(await get(METADATA))
    expect(idOf(await get('/oauth/authorize'))).toBe(first)
    server.clock.advance({ seconds: 59 })
    expect(idOf(await refresh())).toBe(first)
    const facts = { level: 'warn', status: 503, cause: 'overloaded', limit: LIMIT }
    expect(lines()).toEqual([expect.objectContaining({ ...facts, error_id: first, refused: 1 })])

    server.clock.advance({ seconds: 1 })
    const second = idOf(await get(METADATA))
    expect(lines()[1]).toMatchObject({ ...facts, error_id: second, refused: 3 })
    expect(server.logs().filter(({ msg }) => msg !== LINE && msg !== 'signed in')).toEqual([])
  })
})

describe('a place is held', () => {
  it('by nobody who has not sent the whole request', async () => {
    for (let times = 0; times < 2 * LIMIT; times++) {
      open(head(100))
      await once(http, 'request')
    }
    expect((await get(METADATA)).status).toBe(200)
  })

  it('by a form once it has come whole', async () => {
    const form = refreshForm()
    for (let times = 0; times < LIMIT; times++) open(head(form.length) + form.slice(0, 10))
    for (let times = 0; times < LIMIT; times++) await once(http, 'request')
    for (const socket of sockets) socket.write(form.slice(10))
    await until(() => waiting === LIMIT)
    expect((await get(METADATA)).status).toBe(503)
  })

  it('until the work is done, though the client has gone meanwhile, those in line behind others included', async () => {
    const form = refreshForm()
    const socket = open((head(form.length) + form).repeat(LIMIT))
    await until(() => waiting === LIMIT)
    const gone = once(accepted as Socket, 'close')
    socket.destroy()
    await gone
    expect((await get(METADATA)).status).toBe(503)
    release()
    await until(async () => (await get(METADATA)).status === 200)
    const statuses = await Promise.all(Array.from({ length: LIMIT }, async () => (await refresh()).status))
    expect(statuses).toEqual(Array(LIMIT).fill(400))
  })

  it('no longer than its body was waited for, where that breaks off', async () => {
    for (let times = 0; times < 2 * LIMIT; times++) {
      const socket = open(`${head(100)}grant_type=`)
      await once(http, 'request')
      socket.destroy()
    }
    expect((await get(METADATA)).status).toBe(200)
  })
})
