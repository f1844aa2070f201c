import type { Response } from 'supertest'
import { alice } from '../helpers/fixtures.ts'
import { type Form, type Pressed, readForm, readPressed, titleOf } from '../helpers/html.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'
import { isSignedIn } from '../helpers/sign-out.ts'

const HOUR = 3600
const DAY = 24 * HOUR
const KEPT = { keep: 'yes' }

onBothStores('staying signed in', (store) => {
  let server: TestServer
  afterEach(() => server.close())
  const start = async (env: Record<string, string> = {}) => {
    server = await testServer({ store, env })
  }

  /** Signs alice in at the first page of a flow, and gives the answer itself. */
  const signIn = async (fields: Record<string, string> = {}) => {
    const browser = server.browser()
    const page = await browser.begin(server.request())
    const { action, fields: form } = readPressed(page.text, 'Sign in') as Pressed
    const { username, password } = alice
    return { browser, page, answer: await browser.post(action, { ...form, username, password, ...fields }) }
  }
  const sessionCookie = (answer: Response) =>
    (answer.headers['set-cookie'] as unknown as string[]).find((line) => line.startsWith('latchkey_session='))

  it('is offered, and only a person who ticks it has a cookie that outlives the browser', async () => {
    await start()
    const { page, answer } = await signIn()
    expect(page.text).toContain('<input type="checkbox" name="keep" value="yes">')
    expect(sessionCookie(answer)).toMatch(/^latchkey_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(sessionCookie((await signIn(KEPT)).answer)).toContain(`; Max-Age=${30 * DAY};`)
    expect(sessionCookie((await signIn({ keep: 'on' })).answer)).not.toContain('Max-Age')
  })

  it('lasts for 8 hours without use, unless it is kept', async () => {
    await start()
    const [passing, kept] = [(await signIn()).browser, (await signIn(KEPT)).browser]
    server.clock.advance({ seconds: 8 * HOUR - 1 })
    expect(await isSignedIn(server, passing)).toBe(true)
    server.clock.advance({ seconds: 8 * HOUR })
    expect([await isSignedIn(server, passing), await isSignedIn(server, kept)]).toEqual([false, true])
    server.clock.advance({ seconds: 13 * DAY })
    expect(await isSignedIn(server, kept)).toBe(true)
  })

  it.each([
    ['7 days', {}, 7],
    ['30 days where it is kept', KEPT, 30],
  ])('ends after %s, however much it is used', async (_when, fields, days) => {
    await start()
    const { browser } = await signIn(fields)
    for (let hours = 6; hours < days * 24; hours += 6) {
      server.clock.advance({ seconds: 6 * HOUR })
      if (!(await isSignedIn(server, browser))) throw new Error(`signed out after ${hours} hours`)
    }
    server.clock.advance({ seconds: 6 * HOUR - 1 })
    expect(await isSignedIn(server, browser)).toBe(true)
    server.clock.advance({ seconds: 1 })
    expect(await isSignedIn(server, browser)).toBe(false)
  })

  it('is for as long as the operator says', async () => {
    await start({ SESSION_KEPT_TTL: '172800' })
    const { browser, answer } = await signIn(KEPT)
    expect(sessionCookie(answer)).toContain('Max-Age=172800;')
    server.clock.advance({ seconds: 2 * DAY - 1 })
    expect(await isSignedIn(server, browser)).toBe(true)
    server.clock.advance({ seconds: 1 })
    expect(await isSignedIn(server, browser)).toBe(false)
  })

  it('is not offered where the operator does not want it, and asking for it all the same does nothing', async () => {
    await start({ SESSION_KEPT_TTL: '0' })
    const { browser, page, answer } = await signIn(KEPT)
    expect(page.text).not.toContain('name="keep"')
    expect(sessionCookie(answer)).not.toContain('Max-Age')
    expect((await server.browser().get('/account')).text).not.toContain('name="keep"')
    server.clock.advance({ seconds: 8 * HOUR })
    expect(await isSignedIn(server, browser)).toBe(false)
  })

  it('is remembered by the form where the password was wrong', async () => {
    await start()
    const { browser, answer } = await signIn({ ...KEPT, password: 'wrong' })
    expect([answer.status, titleOf(answer)]).toEqual([401, 'Error: sign in'])
    expect(answer.text).toContain('<input type="checkbox" name="keep" value="yes" checked>')
    const { action, hidden } = readForm(answer.text, ['password']) as Form
    const again = await browser.post(action, { ...hidden, username: 'alice', password: alice.password, ...KEPT })
    expect(sessionCookie(again)).toContain('Max-Age')
    expect((await signIn({ password: 'wrong' })).answer.text).not.toContain(' checked')
  })

  it('is asked anew at every sign-in: one that is not kept ends what was kept before', async () => {
    await start()
    const { browser } = await signIn(KEPT)
    await browser.authorize(server.request({ prompt: 'login' }), { login: alice, consent: 'allow' })
    server.clock.advance({ seconds: 8 * HOUR })
    expect(await isSignedIn(server, browser)).toBe(false)
  })
})
