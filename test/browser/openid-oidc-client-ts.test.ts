import type { Page } from 'playwright-core'
import { useChromium } from '../helpers/chromium.ts'
import { alice, publicClient } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'
import { CLIENT, openPageClient, signInByPage } from './page-client.ts'
import type { Site } from './sites.ts'
import { arrive, SIGN_IN } from './steps.ts'

const person = { ...alice, given_name: 'Alice', email: 'alice@example.com', email_verified: true }

/** What tests read of the User of the library. */
interface User {
  access_token: string
  refresh_token: string | null
  id_token: string
  scope: string
  profile: Record<string, unknown>
}

describe('oidc-client-ts in a page on another site', () => {
  const chromium = useChromium()
  let server: ListeningServer
  let client: Site
  beforeAll(async () => {
    client = await openPageClient('localhost', (origin) => pageScript(server.issuer, origin))
    const metadata = {
      ...publicClient,
      redirect_uris: [`${client.origin}/`],
      post_logout_redirect_uris: [`${client.origin}/`],
      scope: 'openid profile email',
    }
    server = await listen({ clients: [metadata], users: [person] })
  })
  afterAll(() => Promise.all([server.close(), client.close()]))

  const readUser = async (page: Page, expression: string) =>
    JSON.parse(await page.evaluate<string>(`${expression}.then(JSON.stringify)`)) as User

  /** Signs in by redirect and has the library take the answer. */
  const connect = async (page: Page) => {
    await page.goto(client.origin)
    await arrive(page, CLIENT)
    await signInByPage(page, 'manager.signinRedirect()')
    return readUser(page, 'manager.signinCallback()')
  }

  it('signs in by redirect, with a profile of the ID token and the userinfo endpoint', async () => {
    const { page } = await chromium.visitor()
    const user = await connect(page)
    expect(user.scope).toBe('openid profile email')
    expect(user.profile).toMatchObject({
      iss: server.issuer,
      aud: 'app',
      sub: person.sub,
      name: person.name,
      given_name: 'Alice',
      email: 'alice@example.com',
      email_verified: true,
    })
  })

  it('renews silently by its refresh token', async () => {
    const { page } = await chromium.visitor()
    const first = await connect(page)
    const second = await readUser(page, 'manager.signinSilent()')
    expect(second.access_token).not.toBe(first.access_token)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(second.profile).toMatchObject({ sub: person.sub, email: 'alice@example.com' })
    expect(server.events()).toContainEqual(expect.objectContaining({ audit: 'refresh_token.rotated' }))
  })

  it('revokes its tokens and cannot renew after', async () => {
    const { page, expectError } = await chromium.visitor()
    expectError(/status of 400/)
    const { refresh_token } = await connect(page)
    await page.evaluate('manager.revokeTokens()')
    expect((await readUser(page, 'manager.getUser()')).refresh_token).toBeNull()
    const renewed = await page.evaluate(
      `manager.getUser()
        .then((user) => manager.storeUser(Object.assign(user, { refresh_token: '${refresh_token}' })))
        .then(() => manager.signinSilent())
        .catch(({ error }) => error)`,
    )
    expect(renewed).toBe('invalid_grant')
  })

  it('signs out at the server and comes back, and then has to sign in again', async () => {
    const { page } = await chromium.visitor()
    await connect(page)
    const back = page.waitForURL(({ origin, searchParams }) => origin === client.origin && !searchParams.has('code'))
    await page.evaluate(`void manager.signoutRedirect({ state: 'what the page was at' })`)
    await back
    await arrive(page, CLIENT)
    expect(await page.evaluate('manager.signoutCallback().then(({ userState }) => userState)')).toBe(
      'what the page was at',
    )
    expect(await page.evaluate('manager.getUser()')).toBeNull()
    await page.evaluate('void manager.signinRedirect()')
    await arrive(page, SIGN_IN)
  })
})

function pageScript(issuer: string, origin: string): string {
  return `
    import { UserManager } from 'oidc-client-ts'
    window.manager = new UserManager({
      authority: '${issuer}',
      client_id: 'app',
      redirect_uri: '${origin}/',
      post_logout_redirect_uri: '${origin}/',
      scope: 'openid profile email',
      loadUserInfo: true,
      automaticSilentRenew: false,
    })`
}
