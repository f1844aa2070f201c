import request, { type Response } from 'supertest'
import { publicClient } from '../helpers/fixtures.ts'
import { readForm } from '../helpers/html.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const { client_uri: _, ...siteless } = publicClient
const clients = [
  publicClient,
  { ...publicClient, client_id: 'starting', initiate_login_uri: 'https://app.example/login' },
  { ...publicClient, client_id: 'asking', initiate_login_uri: 'https://app.example/login?tenant=a&lang=b' },
  { ...siteless, client_id: 'siteless' },
]
const ISS = 'iss=http%3A%2F%2Flocalhost%3A3000'
const LINK = /<a class="button primary" href="([^"]*)" rel="noreferrer">/

onBothStores('whoever comes too late', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients })
  })
  afterEach(() => server.close())

  /** The page of an interaction that has expired, by its own address. */
  const tooLate = async (client_id: string, more: Record<string, string> = {}) => {
    const browser = server.browser()
    const page = await browser.begin(server.request({ client_id, ...more }))
    server.clock.advance({ seconds: 1801 })
    return browser.get(readForm(page.text, ['csrf'])?.action as string)
  }
  const linkOf = ({ text }: Response) => LINK.exec(text)?.[1]

  it.each([
    ['where its sign-in begins, saying who sends them', 'starting', `https://app.example/login?${ISS}`],
    [
      'the same where that address has parameters',
      'asking',
      `https://app.example/login?tenant=a&amp;lang=b&amp;${ISS}`,
    ],
    ['its site where it says no more', 'app', 'https://app.example'],
  ])('is led to the client: %s', async (_what, clientId, href) => {
    const page = await tooLate(clientId)
    expect([page.status, linkOf(page)]).toEqual([404, href])
    expect(page.text).toContain('Start again at <bdi>Example App</bdi>')
    expect(page.text).not.toContain('go back to where you came from')
  })

  it('is told by name where to start again, if the client has no address', async () => {
    const page = await tooLate('siteless')
    expect([page.status, linkOf(page)]).toEqual([404, undefined])
    expect(page.text).toContain('Go back to <bdi class="name">Example App</bdi> and start again from there.')
  })

  it('is told so by a form that stood open, too', async () => {
    const browser = server.browser()
    const page = await browser.begin(server.request())
    server.clock.advance({ seconds: 1801 })
    const answer = await browser.press(page, 'Sign in', { username: 'alice', password: 'x' })
    expect([answer.status, linkOf(answer)]).toEqual([404, 'https://app.example'])
  })

  it('reads it in their language', async () => {
    const path = '/interaction/AAAAAAAAAAAAAAAAAAAAAA?client_id='
    const german = (client: string) =>
      request(server.app)
        .get(path + client)
        .set('Accept-Language', 'de')
    expect((await german('app')).text).toContain('Bei <bdi>Example App</bdi> neu beginnen')
    expect((await german('siteless')).text).toContain('Gehen Sie zu <bdi class="name">Example App</bdi> zurück')
  })

  it.each([
    ['nobody', ''],
    ['an unregistered client', 'client_id=nobody'],
    ['markup', `client_id=${encodeURIComponent('"><script>alert(1)</script>')}`],
    ['an address', `client_id=${encodeURIComponent('javascript:alert(1)//https://evil.example')}`],
    ['a member of every object', 'client_id=__proto__'],
    ['10 KB', `client_id=${'x'.repeat(10_000)}`],
  ])('gets no link where the address names %s', async (_what, query) => {
    const page = await request(server.app).get(`/interaction/AAAAAAAAAAAAAAAAAAAAAA?${query}`)
    expect([page.status, linkOf(page)]).toEqual([404, undefined])
    expect(page.text).toContain('You can close this page and go back to where you came from.')
    expect(page.text).not.toMatch(/<script|evil|nobody|x{100}/)
  })

  it('gets the link of the client that asked, whatever the address of a living interaction names', async () => {
    const browser = server.browser()
    const page = await browser.begin(server.request({ client_id: 'starting' }))
    const action = readForm(page.text, ['csrf'])?.action.replace('client_id=starting', 'client_id=app') as string
    const stale = await browser.post(action, { csrf: 'x', step: 'login' })
    expect([stale.status, linkOf(stale)]).toEqual([403, `https://app.example/login?${ISS}`])
  })

  it('and whoever meets another error of a known client, are offered the same', async () => {
    const wanted = server.request({ client_id: 'starting' })
    const page = await server.browser().begin(wanted)
    const elsewhere = await request(server.app).get(readForm(page.text, ['csrf'])?.action as string)
    expect([elsewhere.status, linkOf(elsewhere)]).toEqual([403, `https://app.example/login?${ISS}`])
    const unknown = await request(server.app).get(`/oauth/authorize?${server.request({ client_id: 'nobody' }).query()}`)
    expect([unknown.status, linkOf(unknown)]).toEqual([400, undefined])
  })
})
