import type { Page } from 'playwright-core'
import { useChromium } from '../helpers/chromium.ts'
import { alice, publicClient } from '../helpers/fixtures.ts'
import { type ListeningServer, listenSecurely } from '../helpers/listen.ts'
import { CLIENT, openPageClient, signInByPage } from './page-client.ts'
import type { Site } from './sites.ts'
import { arrive, SIGN_IN } from './steps.ts'

const person = { ...alice, given_name: 'Alice', email: 'alice@example.com', email_verified: true }

// The library knows no discovery: it wants https, /authorize and /oauth/token, and ID tokens by RS256.
describe.each(['memory', 'localstorage'])('auth0-spa-js in a page, with its cache in %s', (cacheLocation) => {
  const chromium = useChromium()
  let server: ListeningServer
  let client: Site
  beforeAll(async () => {
    client = await openPageClient('127.0.0.1', (origin) => pageScript(server.issuer, origin, cacheLocation))
    const metadata = {
      ...publicClient,
      redirect_uris: [`${client.origin}/`],
      post_logout_redirect_uris: [`${client.origin}/`],
      scope: 'openid profile email',
      id_token_signed_response_alg: 'RS256',
    }
    server = await listenSecurely({ clients: [metadata], users: [person] })
  })
  afterAll(() => Promise.all([server.close(), client.close()]))

  const connect = async (page: Page) => {
    await page.goto(client.origin)
    await arrive(page, CLIENT)
    await signInByPage(page, 'auth0.loginWithRedirect()')
    await page.evaluate('auth0.handleRedirectCallback()')
  }
  const visitor = () => chromium.visitor({ ignoreHTTPSErrors: true })

  it('signs in and knows the user', async () => {
    const { page } = await visitor()
    await connect(page)
    expect(await page.evaluate('auth0.isAuthenticated()')).toBe(true)
    expect(await page.evaluate('auth0.getUser()')).toMatchObject({ sub: person.sub })
    expect(await page.evaluate('auth0.getIdTokenClaims()')).toMatchObject({ iss: server.issuer, aud: 'app' })
  })

  it('gets a fresh token by its refresh token', async () => {
    const { page } = await visitor()
    await connect(page)
    const cached = await page.evaluate('auth0.getTokenSilently()')
    const tokens = await page.evaluate<string[]>(
      `(async () => [
        await auth0.getTokenSilently({ cacheMode: 'off' }),
        await auth0.getTokenSilently({ cacheMode: 'off' }),
        await auth0.getTokenSilently(),
      ])()`,
    )
    expect(new Set([cached, ...tokens]).size).toBe(3)
    expect(tokens[2]).toBe(tokens[1])
    const rotated = server.events().filter(({ audit }) => audit === 'refresh_token.rotated')
    expect(rotated.map(({ converged }) => converged)).toEqual(expect.arrayContaining([false, false]))
  })

  it('revokes its refresh token and then has none', async () => {
    const { page } = await visitor()
    await connect(page)
    await page.evaluate('auth0.revokeRefreshToken()')
    expect(server.events()).toContainEqual(expect.objectContaining({ audit: 'authorization.ended' }))
    const error = await page.evaluate(`auth0.getTokenSilently({ cacheMode: 'off' }).catch(({ error }) => error)`)
    expect(error).toBe('missing_refresh_token')
  })

  it('signs out at our address, which the library takes as openUrl since its own is /v2/logout', async () => {
    const { page } = await visitor()
    await connect(page)
    const back = page.waitForURL((url) => url.origin === client.origin && url.search === '?state=bye')
    await page.evaluate('void signOut()')
    await back
    expect(await page.evaluate('auth0.isAuthenticated()')).toBe(false)
    await page.evaluate('void auth0.loginWithRedirect()')
    await arrive(page, SIGN_IN)
  })
})

function pageScript(issuer: string, origin: string, cacheLocation: string): string {
  return `
    import { Auth0Client } from '@auth0/auth0-spa-js'
    window.auth0 = new Auth0Client({
      domain: '${new URL(issuer).host}',
      issuer: '${issuer}',
      clientId: 'app',
      useRefreshTokens: true,
      httpTimeoutInSeconds: 60,
      cacheLocation: '${cacheLocation}',
      authorizationParams: { redirect_uri: '${origin}/', scope: 'openid profile email' },
    })
    window.signOut = async () => {
      const { __raw: id_token_hint } = await auth0.getIdTokenClaims()
      const params = { id_token_hint, post_logout_redirect_uri: '${origin}/', state: 'bye' }
      await auth0.logout({
        openUrl: () => location.assign('${issuer}/oauth/logout?' + new URLSearchParams(params)),
      })
    }`
}
