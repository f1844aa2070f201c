import request from 'supertest'
import { alice } from '../helpers/fixtures.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'
import { openIdClient, signInBy, stands } from '../helpers/sign-out.ts'

onBothStores('a page that a browser loads ahead of time', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, clients: [openIdClient] })
  })
  afterEach(() => server.close())

  const ask = () =>
    server.request({ client_id: 'signer', redirect_uri: openIdClient.redirect_uris[0], scope: 'openid read' })

  describe.each([
    ['Sec-Purpose', 'prefetch'],
    ['Sec-Purpose', 'prefetch;prerender'],
    ['Sec-Purpose', 'prefetch;anonymous-client-ip'],
    ['Purpose', 'prefetch'],
    ['X-Purpose', 'preview'],
    ['X-Moz', 'prefetch'],
  ])('as %s: %s says', (header, value) => {
    it('is refused to a stranger, and nothing is begun', async () => {
      for (const path of [
        `/oauth/authorize?${ask().query()}`,
        `/authorize?${ask().query()}`,
        '/account',
        '/oauth/logout',
      ]) {
        const answer = await request(server.app).get(path).set(header, value)
        expect([answer.status, answer.headers.location, answer.headers['set-cookie']]).toEqual([
          403,
          undefined,
          undefined,
        ])
        expect(answer.text).toContain('Your browser tried to load this page ahead of time. Open it again to go on.')
      }
      expect(server.events().map(({ audit }) => audit)).toEqual(Array(4).fill('request.refused'))
    })
  })

  it('is refused to a person who is signed in: no code goes out, and they stay signed in', async () => {
    const { browser, authorizationId, tokens } = await signInBy(server)
    const before = server.events().length
    const ahead = (path: string) => browser.get(path, { 'Sec-Purpose': 'prefetch;prerender' })
    const silent = await ahead(`/oauth/authorize?${ask().query()}&prompt=none`)
    expect([silent.status, silent.headers.location]).toEqual([403, undefined])
    const hint = encodeURIComponent(tokens.id_token as string)
    const logout = await ahead(`/oauth/logout?client_id=signer&id_token_hint=${hint}`)
    expect([logout.status, logout.headers['set-cookie']]).toEqual([403, undefined])
    const account = await ahead('/account')
    expect([account.status, account.text.includes('Signing App')]).toEqual([403, false])
    expect(
      server
        .events()
        .slice(before)
        .map(({ audit, cause }) => [audit, cause]),
    ).toEqual(Array(3).fill(['request.refused', 'prefetch']))
    expect(await stands(server, authorizationId)).toBe(true)
    expect((await browser.authorize(ask())).code).toBeDefined()
  })

  it('does not end an interaction that is one reload from its code', async () => {
    const browser = server.browser()
    const consent = await browser.press(await browser.begin(ask()), 'Sign in', alice)
    const path = /action="([^"]*)"/.exec(consent.text)?.[1] as string
    expect((await browser.get(path, { Purpose: 'prefetch' })).status).toBe(403)
    expect((await browser.get(path)).text).toBe(consent.text)
  })

  it('has its pictures and styles: these begin nothing', async () => {
    const { text } = await request(server.app).get('/account')
    const assets = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path as string)
    expect(assets.length).toBeGreaterThan(1)
    for (const path of assets) {
      expect((await request(server.app).get(path).set('Sec-Purpose', 'prefetch')).status).toBe(200)
    }
  })

  it('is one only where the browser says exactly so', async () => {
    for (const value of ['', 'navigate', 'prefetching', 'noprefetch']) {
      const answer = await request(server.app).get('/account').set('Sec-Purpose', value)
      expect(answer.status).toBe(200)
    }
  })
})
