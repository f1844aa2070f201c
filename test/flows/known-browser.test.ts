import request from 'supertest'
import { alice, bob } from '../helpers/fixtures.ts'
import { readForm } from '../helpers/html.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'
import {
  addresses,
  deviceCookieOf,
  GUESS,
  guessFromEverywhere,
  HOME,
  SIGNED_IN,
  visitor,
  WAIT,
  WRONG,
} from '../helpers/visitor.ts'

const RIGHT = alice.password
const ELSEWHERE = '198.51.100.4'

onBothStores('a browser that was signed in before', (store) => {
  let server: TestServer
  afterEach(() => server.close())
  const open = async (env: Record<string, string> = { TRUST_PROXY: 'true' }) => {
    server = await testServer({ store, env })
  }

  /** A browser of alice's with its device cookie, back at the sign-in page. */
  const ownBrowser = async () => {
    const first = await visitor(server)
    const cookie = deviceCookieOf(await first.signIn(RIGHT, { from: HOME })) as string
    return { own: await visitor(server, first.browser), cookie }
  }

  it('gets a cookie for it that lasts a year and no script can read', async () => {
    await open()
    const answer = await (await visitor(server)).signIn(RIGHT)
    expect(String(answer.headers['set-cookie'])).toMatch(
      /latchkey_device=[\w-]{22}\.[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax/,
    )
  })

  it('gets it for this host alone, where the issuer is https', async () => {
    await open({ ISSUER: 'https://id.example' })
    // The test's own browser sends no secure cookies over plain http.
    const begun = await request(server.app).get(`/oauth/authorize?${server.request().query()}`)
    const Cookie = String(begun.headers['set-cookie']).split(';')[0] as string
    const action = new URL(begun.headers.location as string, 'https://id.example').pathname
    const page = await request(server.app).get(action).set({ Cookie })
    const form = { ...readForm(page.text, ['password'])?.hidden, username: 'alice', password: RIGHT }
    const answer = await request(server.app).post(action).set({ Cookie }).type('form').send(form)
    expect(String(answer.headers['set-cookie'])).toMatch(
      /__Host-latchkey_device=[^;]+; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Lax/,
    )
  })

  it('gets none for a password that is wrong', async () => {
    await open()
    expect((await (await visitor(server)).signIn(GUESS)).headers['set-cookie']).toBeUndefined()
  })

  it('signs its owner in at once while strangers everywhere have to wait', async () => {
    await open()
    const { own } = await ownBrowser()
    await guessFromEverywhere(server)
    expect((await (await visitor(server)).signIn(RIGHT, { from: ELSEWHERE })).status).toBe(WAIT)
    expect((await own.signIn(RIGHT, { from: ELSEWHERE })).status).toBe(SIGNED_IN)
  })

  it('is not shut out by a slip of its owner in the midst of it', async () => {
    await open()
    const { own } = await ownBrowser()
    await guessFromEverywhere(server)
    expect(await own.statuses(GUESS, 4)).toEqual(Array(4).fill(WRONG))
    expect((await own.signIn(RIGHT)).status).toBe(SIGNED_IN)
  })

  it('has five slips of its own, wherever it is, and then waits alone', async () => {
    await open()
    const { own } = await ownBrowser()
    for (const from of addresses(5)) expect((await own.signIn(GUESS, { from })).status).toBe(WRONG)
    expect((await own.signIn(RIGHT, { from: ELSEWHERE })).status).toBe(WAIT)
    expect((await (await visitor(server)).signIn(RIGHT, { from: ELSEWHERE })).status).toBe(SIGNED_IN)
    expect(server.events()).toContainEqual(
      expect.objectContaining({ audit: 'sign_in.guessing', over: 'device', failures: 5, subject: alice.sub }),
    )
    server.clock.advance({ seconds: 1 })
    expect((await own.signIn(RIGHT, { from: ELSEWHERE })).status).toBe(SIGNED_IN)
  })

  it('is a stranger to every other account', async () => {
    await open()
    const { own } = await ownBrowser()
    await guessFromEverywhere(server, 'bob')
    expect((await own.signIn(bob.password, { username: 'bob' })).status).toBe(WAIT)
  })

  it('is a stranger where its cookie is forged, mangled or another person’s', async () => {
    await open()
    const { cookie } = await ownBrowser()
    const bobs = deviceCookieOf(await (await visitor(server)).signIn(bob.password, { username: 'bob' })) as string
    const [id, mac] = cookie.split('.') as [string, string]
    await guessFromEverywhere(server)
    const stranger = await visitor(server)
    const useless = [
      bobs,
      `${id}.${bobs.split('.')[1]}`,
      `${'A'.repeat(22)}.${mac}`,
      `${cookie}A`,
      mac,
      'x',
      `${cookie}~x`,
    ]
    for (const device of useless) {
      expect([device, (await stranger.signIn(RIGHT, { device, from: ELSEWHERE })).status]).toEqual([device, WAIT])
    }
    expect((await stranger.signIn(RIGHT, { device: cookie, from: ELSEWHERE })).status).toBe(SIGNED_IN)
  })

  it('knows three people at one browser', async () => {
    await open()
    const { own } = await ownBrowser()
    expect((await own.signIn(bob.password, { username: 'bob' })).status).toBe(SIGNED_IN)
    await guessFromEverywhere(server, 'alice')
    await guessFromEverywhere(server, 'bob')
    expect((await own.signIn(RIGHT, { from: ELSEWHERE })).status).toBe(SIGNED_IN)
    expect((await own.signIn(bob.password, { username: 'bob', from: ELSEWHERE })).status).toBe(SIGNED_IN)
  })
})
