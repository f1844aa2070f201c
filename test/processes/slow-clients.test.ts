import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { createApp } from '../../src/app.ts'
import { watchAnswers } from '../../src/process/answers.ts'
import { refuseBadHttp } from '../../src/process/bad-http.ts'
import { createHttpServer, httpLimits } from '../../src/process/http-server.ts'
import { closePort, openPort } from '../helpers/listen.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

/** Short times, so that nobody waits for long. */
const SHORT = { headersTimeout: 1000, requestTimeout: 1000, connectionsCheckingInterval: 20 }

let server: TestServer
let http: Server
let port: number
const sockets: Socket[] = []

const begin = async (limits: Partial<Parameters<typeof createHttpServer>[1]> = {}) => {
  http = createHttpServer(createApp(server.deps), { ...httpLimits, maxConnections: 100, ...limits })
  refuseBadHttp(http, { ...server.deps, answers: watchAnswers(http) })
  port = await openPort(http)
}
beforeEach(async () => {
  server = await testServer()
  http = createServer()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await closePort(http)
  await server.close()
})

interface Connection {
  socket: Socket
  /** Everything that came until the connection ended. */
  said: Promise<string>
}

function open(first?: string, options: { allowHalfOpen?: boolean } = {}): Connection {
  const socket = connect({ port, host: '127.0.0.1', ...options })
  sockets.push(socket)
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  // That it was reset is one of the ways to end.
  socket.on('error', () => undefined)
  if (first !== undefined) socket.write(first)
  return { socket, said: new Promise((resolve) => socket.once('close', () => resolve(text))) }
}

/** Writes a text byte by byte for as long as the other side listens. */
function drip(socket: Socket, text: string): void {
  let at = 0
  const timer = setInterval(() => socket.writable && socket.write(text.charAt(at++ % text.length)), 10)
  socket.once('close', () => clearInterval(timer))
}

const othersAreServed = async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/.well-known/oauth-authorization-server`)
  expect(answer.status).toBe(200)
}

const head = (...lines: string[]) => [...lines, '', ''].join('\r\n')
const statusOf = (said: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(said)?.[1])
const bodyOf = (said: string) => JSON.parse(said.slice(said.indexOf('\r\n\r\n')))

/** An answer in plain JSON that says what is wrong and nothing of ours, under an id that the log has. */
function expectRefusal(said: string, status: number, description: string, cause: string): void {
  expect(statusOf(said)).toBe(status)
  expect(bodyOf(said)).toEqual({ error: 'invalid_request', error_description: description })
  expect(said).toMatch(/^Connection: close\r$/m)
  expect(said).toMatch(/^Cache-Control: no-store\r$/m)
  const errorId = /^Latchkey-Error-Id: ([0-9a-f]{12})\r$/m.exec(said)?.[1]
  expect(server.events()).toContainEqual(expect.objectContaining({ error_id: errorId, status, cause }))
}

describe('a client', () => {
  it('that sends its header byte by byte is told to hurry and cut off', async () => {
    await begin(SHORT)
    const { socket, said } = open('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ')
    drip(socket, 'a')
    await othersAreServed()
    expectRefusal(await said, 408, 'the request took too long to arrive', 'request-too-slow')
  })

  it('that connects and says nothing is cut off', async () => {
    await begin(SHORT)
    const { said } = open()
    await othersAreServed()
    expect(statusOf(await said)).toBe(408)
  })

  it.each([
    ['never sends its body', ''],
    ['sends its body byte by byte', 'grant_type=authorization_code&'],
  ])('that %s is told to hurry and cut off', async (_name, body) => {
    await begin(SHORT)
    const form = 'Content-Type: application/x-www-form-urlencoded'
    const { socket, said } = open(head('POST /oauth/token HTTP/1.1', 'Host: x', form, 'Content-Length: 1000'))
    if (body !== '') drip(socket, body)
    await othersAreServed()
    expectRefusal(await said, 408, 'the request took too long to arrive', 'request-too-slow')
    expect(server.logs().filter(({ level }) => level === 'error')).toEqual([])
  })

  it('that sends 100 KB of headers is refused', async () => {
    await begin()
    const many = Array.from({ length: 1000 }, (_, index) => `X-${index}: ${'a'.repeat(95)}`)
    const { said } = open(head('GET /healthz HTTP/1.1', 'Host: x', ...many))
    await othersAreServed()
    expectRefusal(await said, 431, 'the header of the request is too large', 'header-too-large')
  })

  it.each([
    ['garbage', '\u0000\u0001\u0002 not http at all\r\n\r\n'],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['two lengths', head('POST /oauth/token HTTP/1.1', 'Host: x', 'Content-Length: 3', 'Content-Length: 4')],
    [
      'a length and chunks',
      head('POST /oauth/token HTTP/1.1', 'Host: x', 'Content-Length: 3', 'Transfer-Encoding: chunked'),
    ],
    ['a header with a blank before its colon', head('GET /healthz HTTP/1.1', 'Host: x', 'Cookie : a=b')],
  ])('that sends %s is refused', async (_name, bytes) => {
    await begin()
    const { said } = open(bytes)
    expectRefusal(await said, 400, 'this is not HTTP', 'malformed-http')
    await othersAreServed()
  })

  it('that sends garbage behind a request gets no refusal in place of its answer', async () => {
    await begin()
    let release = () => {}
    server.deps.store.check = () =>
      new Promise((resolve) => {
        release = () => resolve({ problems: [], warnings: [] })
      })
    const { socket, said } = open(head('GET /readyz HTTP/1.1', 'Host: x'))
    await once(http, 'request')
    socket.write('\u0000garbage\r\n\r\n')
    expect(await said).toBe('')
    release()
    await othersAreServed()
  })

  it('that goes on sending after its refusal is cut off all the same', async () => {
    await begin()
    const { socket, said } = open('garbage\r\n\r\n', { allowHalfOpen: true })
    drip(socket, 'more garbage')
    expectRefusal(await said, 400, 'this is not HTTP', 'malformed-http')
  })

  it('that opens more connections than there may be loses those, and nobody else theirs', async () => {
    await begin({ maxConnections: 3 })
    const ask = head('GET /healthz HTTP/1.1', 'Host: x')
    const kept = [open(ask), open(ask), open(ask)]
    for (const { socket } of kept) await once(socket, 'data')
    expect(await open(ask).said).toBe('')
    for (const { socket } of kept) {
      socket.write(ask)
      expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200/)
    }
    // Room again, once one of them has gone.
    kept[0]?.socket.end()
    await kept[0]?.said
    const next = open(ask)
    expect(String((await once(next.socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200/)
  })

  it('that sends request after request on one connection has to open another one at last', async () => {
    await begin({ requestsPerConnection: 3 })
    const { said } = open(head('GET /healthz HTTP/1.1', 'Host: x').repeat(3))
    expect((await said).match(/HTTP\/1\.1 200/g)).toHaveLength(3)
    expect((await said).match(/^Connection: close\r$/gm)).toHaveLength(1)
  })

  it('is heard to the last of its many small headers', async () => {
    await begin()
    const many = Array.from({ length: 1200 }, (_, index) => `x${index}:1`)
    const { said } = open(head('GET /none HTTP/1.1', 'Host: x', 'Connection: close', ...many, 'Accept: text/html'))
    // Cut off before its last header, it would be answered as a program.
    expect(await said).toMatch(/^Content-Type: text\/html/m)
  })
})
