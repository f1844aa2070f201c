import request from 'supertest'
import { type DocumentServer, documentServer } from '../helpers/document-server.ts'
import { publicClient } from '../helpers/fixtures.ts'
import { pictures } from '../helpers/pictures.ts'
import { type TestServer, testServer } from '../helpers/server.ts'
import { until } from '../helpers/until.ts'

let partner: DocumentServer
let server: TestServer
beforeEach(async () => {
  partner = await documentServer()
  const client = { ...publicClient, logo_uri: `http://127.0.0.1:${partner.port}/logo.png` }
  server = await testServer({ clients: [client], env: { ISSUER: 'http://localhost:3000/tenant' } })
})
afterEach(async () => {
  await server.close()
  await partner.close()
})

const asMetadata = ({ logo_uri }: { logo_uri?: string }) => ({ ...publicClient, logo_uri })

const digest = () => server.deps.logos.logoOf({ ...server.config.clients[0], client_id: 'app' })

/** Opens the sign-in page of the client. */
const openPage = () => server.browser().begin(server.request())

it('a page of the client brings its logo to us, whose address may then be kept and can do nothing but be shown', async () => {
  partner.answer((_req, res) => void res.writeHead(200, { 'Content-Type': 'text/html' }).end(pictures['image/png']))
  await openPage()
  await until(() => digest() !== undefined)
  const path = `/tenant/assets/logos/${digest()}`
  const answer = await request(server.app).get(path)
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual(pictures['image/png'])
  expect(answer.headers).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'public, max-age=86400, immutable',
  })
  const head = await request(server.app).head(path)
  expect([head.status, head.headers['content-length']]).toEqual([200, `${pictures['image/png'].length}`])
  expect((await request(server.app).post(path)).status).toBe(405)
})

it('is fetched where another process has shown it and this one has not, for a client that is registered', async () => {
  partner.answer((_req, res) => void res.writeHead(200).end(pictures['image/png']))
  await openPage()
  await until(() => digest() !== undefined)
  const path = `/tenant/assets/logos/${digest()}`
  const another = await testServer({
    clients: server.config.clients.map(asMetadata),
    env: { ISSUER: server.config.issuer },
  })
  expect((await request(another.app).get(path)).status).toBe(404)
  expect((await request(another.app).get(`${path}?client_id=nobody`)).status).toBe(404)
  expect(partner.requests).toHaveLength(1)
  const answers = await Promise.all([1, 2, 3].map(() => request(another.app).get(`${path}?client_id=app`)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(partner.requests).toHaveLength(2)
  await another.close()
})

it('a server that never answers delays no page', async () => {
  const waiting: Array<() => void> = []
  partner.answer((_req, res) => void waiting.push(() => res.end()))
  const page = await openPage()
  expect(page.status).toBe(200)
  await until(() => waiting.length === 1)
  expect((await openPage()).status).toBe(200)
  expect(partner.requests).toHaveLength(1)
})

it('what failed stands in the log with the client, and on no page', async () => {
  const page = await openPage()
  await until(() => server.logText().includes('it answers 404'))
  expect(server.logs()).toContainEqual(
    expect.objectContaining({ level: 'warn', client_id: 'app', reason: 'it answers 404, not 200' }),
  )
  expect(page.text).not.toContain('404')
})

it.each(['x', 'A'.repeat(43), '__proto__', '..%2flatchkey.css', '%00'])('there is no logo %s', async (name) => {
  const path = `/tenant/assets/logos/${name}`
  const page = await request(server.app).get(path).set('Accept', 'text/html')
  expect([page.status, page.type, page.headers['cache-control']]).toEqual([404, 'text/html', 'no-store'])
  const json = await request(server.app).get(path).set('Accept', 'image/*')
  expect([json.status, json.type]).toEqual([404, 'application/json'])
})
