import type { Sessions, StartOptions } from '../../src/session/sessions.ts'
import { alice, bob } from '../helpers/fixtures.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const HOUR = 3600
const DAY = 24 * HOUR
type Started = Awaited<ReturnType<Sessions['start']>>

const APP = { clientId: 'app', redirectUri: 'https://app.example/callback' }

onBothStores('sessions', (store) => {
  let server: TestServer
  afterEach(() => server.close())
  const begin = async (env = {}) => {
    server = await testServer({ store, env })
    return server.deps.sessions
  }
  const use = (handle: string) => server.deps.sessions.find(handle, APP, 'an-authorization-id-22')

  it('begin a lineage, which goes on while one user proves again and again who they are', async () => {
    const sessions = await begin()
    const first = await sessions.start(alice.sub)
    expect(first.session.lineage).toMatch(/^[\w-]{22}$/)
    expect(first.session.beganAt).toBe(server.clock.now())
    let last = first
    for (let times = 0; times < 3; times++) {
      server.clock.advance({ seconds: HOUR })
      const next = await sessions.start(alice.sub, { replaced: last.handle })
      expect(next.session.id.secret).not.toBe(last.session.id.secret)
      expect(await sessions.look(last.handle)).toBeUndefined()
      last = next
    }
    const { lineage, beganAt } = first.session
    expect(last.session).toMatchObject({ lineage, beganAt, authenticatedAt: server.clock.now() })
    expect((await use(last.handle))?.session).toEqual(last.session)
  })

  it('begin a lineage of their own for another user, in another browser, and after the session was over', async () => {
    const sessions = await begin()
    const first = await sessions.start(alice.sub)
    const elsewhere = await sessions.start(alice.sub)
    const others = await sessions.start(bob.sub, { replaced: first.handle })
    expect(await sessions.look(first.handle)).toBeUndefined()
    server.clock.advance({ seconds: 8 * HOUR })
    const later = await sessions.start(alice.sub, { replaced: elsewhere.handle })
    expect(later.session.beganAt).toBe(server.clock.now())
    const forged = await sessions.start(alice.sub, { replaced: `${later.handle.slice(0, 44)}.${'A'.repeat(43)}` })
    expect(await sessions.look(later.handle)).toBeDefined()
    const lineages = [first, elsewhere, others, later, forged].map(({ session }) => session.lineage)
    expect(new Set(lineages).size).toBe(5)
  })

  it('are the same one for both clicks of a double click', async () => {
    const sessions = await begin()
    const before = await sessions.start(alice.sub)
    const first = await sessions.start(alice.sub, { replaced: before.handle })
    server.clock.advance({ seconds: 59 })
    const second = await sessions.start(alice.sub, { replaced: before.handle, begun: first.session.id })
    expect(second).toEqual(first)
    expect((await use(first.handle))?.session).toEqual(first.session)
  })

  it.each<[string, (first: Started) => StartOptions & { subject?: string; seconds?: number }]>([
    ['a minute later', ({ session }) => ({ begun: session.id, seconds: 60 })],
    ['by another user', ({ session }) => ({ begun: session.id, subject: bob.sub })],
    ['by a browser that has the first', ({ session, handle }) => ({ begun: session.id, replaced: handle })],
  ])('are not the same one for a form that is sent again %s', async (_when, again) => {
    const sessions = await begin()
    const first = await sessions.start(alice.sub)
    const { subject = alice.sub, seconds = 0, ...options } = again(first)
    server.clock.advance({ seconds })
    const second = await sessions.start(subject, options)
    expect(second.session.id.secret).not.toBe(first.session.id.secret)
    expect((await use(second.handle))?.session).toMatchObject({ subject, authenticatedAt: server.clock.now() })
  })

  it('end after the idle time, and after the longest time however much they are used', async () => {
    const sessions = await begin()
    const { handle, session } = await sessions.start(alice.sub)
    expect(session.kept).toBe(false)
    for (let hours = 0; hours < 7 * 24; hours += 7) {
      expect(await use(handle)).toBeDefined()
      server.clock.advance({ seconds: 7 * HOUR })
    }
    expect(await use(handle)).toBeUndefined()
    const idle = await sessions.start(alice.sub)
    server.clock.advance({ seconds: 8 * HOUR })
    expect(await use(idle.handle)).toBeUndefined()
  })

  it('that are kept last as long without use as with it', async () => {
    const sessions = await begin({ SESSION_KEPT_TTL: String(40 * DAY) })
    const [used, unused] = [
      await sessions.start(alice.sub, { kept: true }),
      await sessions.start(alice.sub, { kept: true }),
    ]
    expect(used.session).toMatchObject({ kept: true, endsAt: server.clock.now() + 40 * DAY * 1000 })
    for (let days = 0; days < 40; days++) {
      expect((await use(used.handle))?.session.kept).toBe(true)
      server.clock.advance({ seconds: days === 39 ? DAY - 1 : DAY })
    }
    for (const { handle } of [used, unused]) expect(await use(handle)).toBeDefined()
    server.clock.advance({ seconds: 1 })
    for (const { handle } of [used, unused]) expect(await use(handle)).toBeUndefined()
  })

  it('are kept or not by the newest choice', async () => {
    const sessions = await begin()
    const kept = await sessions.start(alice.sub, { kept: true })
    const next = await sessions.start(alice.sub, { replaced: kept.handle, kept: false })
    expect(next.session).toMatchObject({ kept: false, lineage: kept.session.lineage })
    server.clock.advance({ seconds: 8 * HOUR })
    expect(await use(next.handle)).toBeUndefined()
  })

  it('are not kept where that is not offered, whoever asks for it', async () => {
    const sessions = await begin({ SESSION_KEPT_TTL: '0' })
    const { handle, session } = await sessions.start(alice.sub, { kept: true })
    expect(session.kept).toBe(false)
    expect(await use(handle)).toBeDefined()
    server.clock.advance({ seconds: 8 * HOUR })
    expect(await use(handle)).toBeUndefined()
  })
})
