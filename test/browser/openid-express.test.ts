import express from 'express'
import { auth } from 'express-openid-connect'
import type { Page } from 'playwright-core'
import { useChromium } from '../helpers/chromium.ts'
import { alice, CLIENT_SECRET, confidentialClient, SECRET } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'
import { openService, type Service, signInToService } from './service.ts'
import { html } from './sites.ts'
import { arrive, SIGN_IN } from './steps.ts'

const person = { ...alice, given_name: 'Alice', email: 'alice@example.com', email_verified: true }
const HOME = 'Our service'

describe.each([
  { idTokenSigningAlg: 'RS256', scheme: 'http', clientAuthMethod: 'client_secret_basic' },
  { idTokenSigningAlg: 'ES256', scheme: 'http', clientAuthMethod: 'client_secret_post' },
  // Over https, since the cookie of a request that another site's form answers must be SameSite=None, thus Secure.
  { idTokenSigningAlg: 'RS256', scheme: 'https', response_mode: 'form_post' },
  { idTokenSigningAlg: 'RS256', scheme: 'http', pushedAuthorizationRequests: true },
] as const)('express-openid-connect: %j', ({ scheme, idTokenSigningAlg, ...wanted }) => {
  const chromium = useChromium()
  let server: ListeningServer
  let service: Service
  beforeAll(async () => {
    service = await openService(scheme)
    const metadata = {
      ...confidentialClient,
      redirect_uris: [`${service.origin}/callback`],
      post_logout_redirect_uris: [service.origin],
      scope: 'openid profile email',
      id_token_signed_response_alg: idTokenSigningAlg,
    }
    server = await listen({ clients: [metadata], users: [person] })
    const { response_mode, ...options } = { response_mode: undefined, ...wanted }
    const app = express()
    app.use(
      auth({
        issuerBaseURL: server.issuer,
        baseURL: service.origin,
        clientID: metadata.client_id,
        clientSecret: CLIENT_SECRET,
        secret: SECRET,
        authRequired: false,
        idpLogout: true,
        // A busy machine may be slower than the library expects.
        httpTimeout: 60_000,
        idTokenSigningAlg,
        authorizationParams: {
          response_type: 'code',
          scope: metadata.scope,
          ...(response_mode === undefined ? {} : { response_mode }),
        },
        ...options,
      }),
    )
    app.get('/', (_req, res) => void res.send(html(HOME)))
    app.get('/claims', (req, res) => void res.json(req.oidc.idTokenClaims ?? null))
    app.get('/userinfo', async (req, res) => void res.json(await req.oidc.fetchUserInfo()))
    app.get('/refresh', async (req, res) => {
      const old = req.oidc.accessToken
      const fresh = await old?.refresh()
      res.json({ changed: old?.access_token !== fresh?.access_token, sub: req.oidc.idTokenClaims?.sub })
    })
    service.serve(app)
  })
  afterAll(() => Promise.all([server.close(), service.close()]))

  const ask = (page: Page, path: string) => page.evaluate(`fetch('${path}').then((answer) => answer.json())`)

  it('signs in, reads the claims, the userinfo and fresh tokens, and signs out and comes back', async () => {
    const { page } = await chromium.visitor({ ignoreHTTPSErrors: true })
    await signInToService(page, `${service.origin}/login`, HOME)
    expect(await ask(page, '/claims')).toMatchObject({ iss: server.issuer, sub: person.sub, aud: 'backend' })
    expect(await ask(page, '/userinfo')).toEqual({
      sub: person.sub,
      name: person.name,
      given_name: 'Alice',
      email: 'alice@example.com',
      email_verified: true,
    })
    expect(await ask(page, '/refresh')).toEqual({ changed: true, sub: person.sub })

    await page.goto(`${service.origin}/logout`)
    await arrive(page, HOME)
    expect(await ask(page, '/claims')).toBeNull()
    expect(server.events()).toContainEqual(expect.objectContaining({ audit: 'session.ended' }))
    await page.goto(`${service.origin}/login`)
    await arrive(page, SIGN_IN)
  })
})
