import { createHash, randomBytes } from 'node:crypto'
import express, { type Express, type Request, type Response } from 'express'
import session from 'express-session'
import { Passport } from 'passport'
import { Strategy as OpenIdStrategy } from 'passport-openidconnect'
import { useChromium } from '../helpers/chromium.ts'
import { alice, CLIENT_SECRET, confidentialClient, SECRET } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'
import { openService, type Service, signInToService } from './service.ts'
import { html } from './sites.ts'
import { arrive, SIGN_IN } from './steps.ts'

const person = { ...alice, given_name: 'Alice', family_name: 'Liddell', email: 'alice@example.com' }
const HOME = 'Our service'

/** What the service keeps about a browser. */
interface Kept {
  verifier?: string
  user?: { issuer: string; profile: Record<string, unknown>; idToken: string }
}

function kept(req: Request): Kept {
  return (req as Request & { session: Kept }).session
}

/**
 * The strategy with PKCE, for which the library has no option. Passport makes an object of its own for every request from
 * the strategy, so that what is set here is of this request alone.
 */
class PkceStrategy extends OpenIdStrategy {
  private challenge = ''

  override authenticate(req: Request, options: Record<string, unknown>): void {
    const { verifier } = kept(req)
    if (req.query.code === undefined) {
      const fresh = randomBytes(32).toString('base64url')
      kept(req).verifier = fresh
      this.challenge = createHash('sha256').update(fresh).digest('base64url')
    } else if (verifier !== undefined) {
      const plain = this._oauth2
      this._oauth2 = Object.assign(Object.create(plain) as typeof plain, {
        getOAuthAccessToken: (code: string, params: Record<string, string>, done: unknown) =>
          plain.getOAuthAccessToken(code, { ...params, code_verifier: verifier }, done),
      })
    }
    super.authenticate(req, options)
  }

  protected override authorizationParams(): Record<string, string> {
    return { code_challenge: this.challenge, code_challenge_method: 'S256' }
  }
}

describe('passport-openidconnect', () => {
  const chromium = useChromium()
  let server: ListeningServer
  let service: Service
  beforeAll(async () => {
    service = await openService()
    const metadata = {
      ...confidentialClient,
      redirect_uris: [`${service.origin}/callback/documented`, `${service.origin}/callback/pkce`],
      post_logout_redirect_uris: [`${service.origin}/`],
      scope: 'openid profile email',
    }
    server = await listen({ clients: [metadata], users: [person] })
    service.serve(serviceApp(server.issuer, service.origin))
  })
  afterAll(() => Promise.all([server.close(), service.close()]))

  it('signs in with PKCE, and reads the claims of the userinfo endpoint; and out again', async () => {
    const { page } = await chromium.visitor()
    await signInToService(page, `${service.origin}/login/pkce`, HOME)
    const user = await page.evaluate(`fetch('/user').then((answer) => answer.json())`)
    expect(user).toMatchObject({
      issuer: server.issuer,
      profile: {
        id: person.sub,
        displayName: person.name,
        name: { givenName: 'Alice', familyName: 'Liddell' },
        emails: [{ value: 'alice@example.com' }],
      },
    })

    await page.goto(`${service.origin}/logout`)
    await arrive(page, HOME)
    expect(server.events()).toContainEqual(expect.objectContaining({ audit: 'session.ended' }))
    await page.goto(`${service.origin}/login/pkce`)
    await arrive(page, SIGN_IN)
  })

  it('stays out as it is documented, without PKCE, and is told why', async () => {
    const { page, expectError } = await chromium.visitor()
    expectError(/status of 403/)
    await page.goto(`${service.origin}/login/documented`)
    await arrive(page, 'invalid_request')
    expect(await page.getByRole('paragraph').textContent()).toContain('code_challenge')
  })
})

/** A service as its documentation shows one, with both strategies. */
function serviceApp(issuer: string, origin: string): Express {
  const app = express()
  const passport = new Passport()
  app.use(session({ secret: SECRET, resave: false, saveUninitialized: false }))
  const strategies = { documented: OpenIdStrategy, pkce: PkceStrategy }
  for (const [name, Strategy] of Object.entries(strategies)) {
    const options = {
      issuer,
      authorizationURL: `${issuer}/oauth/authorize`,
      tokenURL: `${issuer}/oauth/token`,
      userInfoURL: `${issuer}/oauth/userinfo`,
      clientID: 'backend',
      clientSecret: CLIENT_SECRET,
      callbackURL: `${origin}/callback/${name}`,
      scope: 'profile email',
      nonce: 'of its own making',
      maxAge: 600,
      skipUserProfile: false,
    }
    const strategy = new Strategy(options, (iss, profile, _context, idToken, _accessToken, _refreshToken, done) =>
      done(null, { issuer: iss, profile, idToken }),
    )
    passport.use(Object.assign(strategy, { name }))
    app.get(`/login/${name}`, passport.authenticate(name, { session: false }))
    app.get(`/callback/${name}`, passport.authenticate(name, { session: false }), (req, res) => {
      const { user } = req as Request & Kept
      if (user !== undefined) kept(req).user = user
      res.redirect('/')
    })
  }
  app.get('/', (_req, res) => void res.send(html(HOME)))
  app.get('/user', (req, res) => void res.json(kept(req).user))
  app.get('/logout', (req, res) => {
    const { idToken = '' } = kept(req).user ?? {}
    delete kept(req).user
    const params = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: `${origin}/` })
    res.redirect(`${issuer}/oauth/logout?${params}`)
  })
  app.use((error: Error & { code?: string }, _req: Request, res: Response, _next: unknown) => {
    res.status(403).send(html(error.code ?? error.name, `<p>${error.message}</p>`))
  })
  return app
}
