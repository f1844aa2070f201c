import { useChromium } from '../helpers/chromium.ts'
import { briefClient } from '../helpers/fixtures.ts'
import { listen, listenSecurely } from '../helpers/listen.ts'
import { CLIENT, openPageClient, signInByPage } from './page-client.ts'
import { arrive } from './steps.ts'

// A page without a refresh token asks with prompt=none in a frame that nobody sees (OpenID Connect Core §3.1.2.1).
describe('renewing in a hidden frame, as oidc-client-ts does it without a refresh token', () => {
  const chromium = useChromium()
  const open: Array<{ close(): Promise<void> }> = []
  afterEach(() => Promise.all(open.splice(0).map((site) => site.close())))

  it.each([
    ['renews in a page on the site of the server', 'https://localhost', listenSecurely, 'renewed'],
    ['says login_required elsewhere, where browsers send no cookies', 'localhost', listen, 'login_required'],
  ] as const)('%s', async (_what, host, start, outcome) => {
    let issuer = ''
    const client = await openPageClient(host, (origin) => pageScript(issuer, origin))
    const metadata = { ...briefClient, redirect_uris: [`${client.origin}/`], scope: 'openid' }
    const server = await start({ clients: [metadata] })
    issuer = server.issuer
    open.push(client, server)

    const { page } = await chromium.visitor({ ignoreHTTPSErrors: true })
    await page.goto(client.origin)
    await arrive(page, CLIENT)
    await signInByPage(page, 'manager.signinRedirect()')
    await page.evaluate('manager.signinCallback().then(() => {})')
    expect(await page.evaluate(`manager.signinSilent().then(() => 'renewed', ({ error }) => error)`)).toBe(outcome)
  })
})

function pageScript(issuer: string, origin: string): string {
  return `
    import { UserManager } from 'oidc-client-ts'
    const manager = new UserManager({
      authority: '${issuer}',
      client_id: 'brief',
      redirect_uri: '${origin}/',
      scope: 'openid',
      automaticSilentRenew: false,
      silentRequestTimeoutInSeconds: 60,
    })
    if (window.parent === window) window.manager = manager
    else manager.signinSilentCallback()`
}
