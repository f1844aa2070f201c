import type { Page } from 'playwright-core'
import { useChromium } from '../helpers/chromium.ts'
import { publicClient } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'
import { html, openSite, type Site } from './sites.ts'
import { allow, arrive, button, CONSENT, SIGN_IN, signIn } from './steps.ts'

/** What a script of a page could read of an answer. */
interface Reading {
  status: number
  errorId: string | null
  body: Record<string, unknown>
}

describe('a public client whose page does the whole exchange itself', () => {
  const chromium = useChromium()
  let server: ListeningServer
  let client: Site
  let stranger: Site
  beforeAll(async () => {
    const pages = { '/': () => ({ html: html('Client', BUTTONS, clientScript(server.issuer, `${client.origin}/`)) }) }
    client = await openSite('localhost', pages)
    stranger = await openSite('localhost', pages)
    server = await listen({ clients: [{ ...publicClient, redirect_uris: [`${client.origin}/`] }] })
  })
  afterAll(() => Promise.all([server.close(), client.close(), stranger.close()]))

  /** Has a code brought to the page of the client, by a request that the page made itself. */
  const connect = async (page: Page) => {
    await page.goto(client.origin)
    await button(page, 'Connect').click()
    await arrive(page, SIGN_IN)
    await signIn(page)
    await arrive(page, CONSENT)
    await allow(page)
    await arrive(page, 'Client')
  }

  /** Presses a button of the page and answers what it then shows. */
  const press = async (page: Page, name: string) => {
    await button(page, name).click()
    return page.getByRole('status', { name: `Answer to ${name}` }).textContent()
  }

  const read = async (page: Page, name: string) => JSON.parse((await press(page, name)) ?? '') as Reading

  it('discovers the server, redeems its code and refreshes, all by fetch', async () => {
    const { page } = await chromium.visitor()
    await connect(page)
    expect(await read(page, 'Redeem')).toEqual({
      status: 200,
      errorId: null,
      body: {
        access_token: expect.any(String),
        refresh_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'read',
      },
    })
    const { status, body } = await read(page, 'Refresh')
    expect(status).toBe(200)
    expect(body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) })
  })

  it.each([
    ['Redeem with a wrong verifier', 400, 'invalid_grant'],
    ['Redeem as nobody', 401, 'invalid_client'],
  ])('reads what is wrong, and the id under which the log says more: %s', async (name, status, error) => {
    const { page, expectError } = await chromium.visitor()
    expectError(new RegExp(`status of ${status}`))
    await connect(page)
    const reading = await read(page, name)
    expect(reading).toEqual({
      status,
      errorId: expect.any(String),
      body: { error, error_description: expect.any(String) },
    })
    expect(server.logs()).toContainEqual(expect.objectContaining({ error_id: reading.errorId, error }))
  })

  it('keeps the tokens from a page of another origin that holds a good code and its verifier', async () => {
    const { page, expectError } = await chromium.visitor()
    expectError(/blocked by CORS policy/)
    expectError(/net::ERR_FAILED/)
    await connect(page)
    const stolen = new URLSearchParams(new URL(page.url()).search)
    stolen.set('verifier', String(await page.evaluate('sessionStorage.verifier')))

    await page.goto(`${stranger.origin}/?${stolen}`)
    expect(await press(page, 'Redeem')).toBe('TypeError: Failed to fetch')
    // There was an answer with tokens in it; the browser keeps it to itself.
    expect(server.events()).toContainEqual(expect.objectContaining({ audit: 'code.redeemed' }))
  })
})

const BUTTONS = ['Connect', 'Redeem', 'Redeem with a wrong verifier', 'Redeem as nobody', 'Refresh']
  .map((name) => `<button>${name}</button>`)
  .join('')

/** Everything the page of the client does, on the Web Crypto and Fetch APIs alone. */
function clientScript(issuer: string, redirectUri: string): string {
  return `<script>
    const given = new URLSearchParams(location.search)
    const encode = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
      .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    const own = { client_id: 'app', redirect_uri: '${redirectUri}' }
    const discover = async () =>
      (await fetch('${issuer}/.well-known/oauth-authorization-server')).json()

    const post = async (form) => {
      const { token_endpoint } = await discover()
      const answer = await fetch(token_endpoint, { method: 'POST', body: new URLSearchParams(form) })
      const body = await answer.json()
      if (body.refresh_token) sessionStorage.refresh_token = body.refresh_token
      return { status: answer.status, errorId: answer.headers.get('Latchkey-Error-Id'), body }
    }
    const redeem = (changes) => post({
      grant_type: 'authorization_code', ...own, code: given.get('code'),
      code_verifier: given.get('verifier') ?? sessionStorage.verifier, ...changes,
    })

    const actions = {
      async Connect() {
        const verifier = (sessionStorage.verifier = encode(crypto.getRandomValues(new Uint8Array(32))))
        const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
        const { authorization_endpoint } = await discover()
        location.assign(authorization_endpoint + '?' + new URLSearchParams({
          response_type: 'code', ...own, scope: 'read', state: crypto.randomUUID(),
          code_challenge: encode(digest), code_challenge_method: 'S256',
        }))
      },
      Redeem: () => redeem(),
      'Redeem with a wrong verifier': () => redeem({ code_verifier: 'x'.repeat(43) }),
      'Redeem as nobody': () => redeem({ client_id: 'nobody' }),
      Refresh: () => post({ grant_type: 'refresh_token', ...own, refresh_token: sessionStorage.refresh_token }),
    }
    document.onclick = async ({ target }) => {
      const name = target.textContent
      const said = await actions[name]().then(JSON.stringify, String)
      const output = document.createElement('output')
      output.setAttribute('aria-label', 'Answer to ' + name)
      output.textContent = said
      document.body.append(output)
    }</script>`
}
