import type { Request, Response } from 'express'
import { type LogoutRequest, readLogoutRequest } from '../authorization/logout-request.ts'
import type { ClientRegistry } from '../clients/client-registry.ts'
import type { Cookies } from '../http/cookies.ts'
import { csrfToken, type FormBinding, requireCsrfToken } from '../http/csrf.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { readForm, readQuery } from '../http/form.ts'
import { basePathOf } from '../http/issuer-url.ts'
import { requireOwnOrigin } from '../http/own-origin.ts'
import { noteClient, noteLanguage } from '../http/request-facts.ts'
import { destinationOf, shownClient, siteLink } from '../http/shown-client.ts'
import type { Views } from '../http/views.ts'
import type { IdentitySource } from '../identity/identity-source.ts'
import type { Subjects } from '../identity/subjects.ts'
import type { Clock } from '../lib/clock.ts'
import type { Mac } from '../lib/mac.ts'
import type { Random } from '../lib/random.ts'
import { safeEqual } from '../lib/safe-equal.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Params } from '../oauth/params.ts'
import { withParams } from '../oauth/redirect-uri.ts'
import { readUiLocales } from '../oauth/ui-locales.ts'
import type { Sessions } from '../session/sessions.ts'
import { signOut } from '../session/sign-out.ts'
import type { Session } from '../store/sessions.ts'
import type { AuthorizationStore } from '../store/store.ts'
import type { Audit } from '../telemetry/events.ts'
import type { IdTokens } from '../tokens/id-token.ts'

/** What signing out works with. */
interface LogoutDeps {
  config: { issuer: string }
  clients: ClientRegistry
  sessions: Sessions
  identity: IdentitySource
  subjects: Subjects
  idTokens: Pick<IdTokens, 'readHint'>
  store: { authorizations: AuthorizationStore }
  csrf: Mac
  cookies: Cookies
  views: Views
  clock: Clock
  random: Random
  audit: Audit
}

/** A browser that is signed in. */
interface SignedIn {
  handle: string
  session: Session
}

const PATH = '/oauth/logout'

/**
 * Signs a person out (OpenID Connect RP-Initiated Logout §2). Any site can send a browser here, so the person is asked,
 * unless an ID token shows that the client who asks got it in this very session.
 */
export function logout(deps: LogoutDeps): Endpoint {
  const { cookies, sessions, views } = deps
  const address = basePathOf(deps.config.issuer) + PATH

  const read = async (params: Params, res: Response): Promise<LogoutRequest> => {
    noteLanguage(res, readUiLocales(params.ui_locales))
    const request = await readLogoutRequest(params, deps)
    if (request.client !== undefined) noteClient(res, request.client.client_id)
    return request
  }

  const findSignedIn = async (req: Request): Promise<SignedIn | undefined> => {
    const handle = cookies.session(req)
    const session = await sessions.look(handle)
    return handle === undefined || session === undefined ? undefined : { handle, session }
  }

  const begin = async (request: LogoutRequest, req: Request, res: Response) => {
    const signedIn = await findSignedIn(req)
    if (signedIn === undefined) return leave(request, req, res)
    if (namesSession(request, signedIn.session, deps.subjects)) return end(signedIn, request, req, res)
    return ask(signedIn, request, req, res)
  }

  /** Asks the person. The form carries the request along; its token covers every value, so that none can be changed. */
  const ask = async ({ session }: SignedIn, request: LogoutRequest, req: Request, res: Response) => {
    const browser = cookies.browser(req) ?? deps.random.secret()
    const { client, after } = request
    const user = await deps.identity.find(session.subject)
    const page = {
      action: address,
      csrf: csrfToken(bindingOf(browser, session, request), deps.csrf),
      fields: Object.entries(wireForm(request)).map(([name, value]) => ({ name, value })),
      ...(client === undefined ? {} : { client: shownClient({ client }, views.language(res)) }),
      ...(user === undefined ? {} : { account: { name: user.name, username: user.username } }),
      ...(after === undefined ? {} : { destination: destinationOf(after.uri) }),
    }
    cookies.setBrowser(res, browser)
    views.send(res, 'sign-out', page)
  }

  /** Takes the person's answer: exactly `sign-out` or `stay`. */
  const submit = async (params: Params, req: Request, res: Response) => {
    requireOwnOrigin(req, deps.config.issuer)
    if (params.answer !== 'sign-out' && params.answer !== 'stay') {
      throw new OAuthError('invalid_request', 'answer must be sign-out or stay', { cause: 'wrong-answer' })
    }
    const request = await read(params, res)
    const signedIn = await findSignedIn(req)
    // A second click, or the session ended meanwhile: what the form asks for is done.
    if (signedIn === undefined) return leave(request, req, res)
    // No token was ever made for a browser without its cookie.
    const binding = bindingOf(cookies.browser(req) ?? '', signedIn.session, request)
    const refusal = { cause: 'wrong-csrf-token', remedy: 'go back to the app and sign out again' }
    requireCsrfToken(params.csrf, binding, deps.csrf, refusal)
    if (params.answer === 'stay') return sendEndPage({ stayed: true }, request, res)
    return end(signedIn, request, req, res)
  }

  const end = async (signedIn: SignedIn, request: LogoutRequest, req: Request, res: Response) => {
    await signOut(signedIn, request.client?.client_id, { ...deps, authorizations: deps.store.authorizations })
    leave(request, req, res)
  }

  /** Leaves a browser that nobody is signed in at (§3: to the client, with its state), or says that this is so. */
  const leave = (request: LogoutRequest, req: Request, res: Response) => {
    if (cookies.session(req) !== undefined) cookies.clearSession(res)
    const { after } = request
    if (after === undefined) return sendEndPage({ stayed: false }, request, res)
    const location = after.state === undefined ? after.uri : withParams(after.uri, { state: after.state })
    redirect(req, res, location)
  }

  const sendEndPage = ({ stayed }: { stayed: boolean }, { client }: LogoutRequest, res: Response) => {
    const shown = client === undefined ? {} : { client: siteLink(client, views.language(res)) }
    views.send(res, 'signed-out', { stayed, ...shown })
  }

  const post = async (req: Request, res: Response) => {
    const params = await readForm(req)
    if (params.answer !== undefined) return submit(params, req, res)
    const request = await read(params, res)
    if (cookies.session(req) !== undefined) return begin(request, req, res)
    // Browsers keep Lax cookies back from a form of another site, and send them where it leads them on by GET: only there
    // can be seen whether anybody is signed in.
    const { id_token_hint } = params
    redirect(req, res, withParams(address, { ...wireForm(request), id_token_hint }))
  }

  return {
    path: PATH,
    metadata: 'end_session_endpoint',
    errors: 'page',
    methods: { GET: async (req, res) => begin(await read(readQuery(req), res), req, res), POST: post },
  }
}

/** Whether the request carries an ID token that was issued in this session or its lineage: only who took part in it has one (§2). */
function namesSession({ client, hint }: LogoutRequest, session: Session, subjects: Subjects): boolean {
  if (client === undefined || hint?.sid === undefined) return false
  return (
    safeEqual(hint.sid, subjects.sidFor(client, session.lineage)) &&
    hint.sub === subjects.subjectFor(client, session.subject)
  )
}

/** The request in the parameters it came in, but for the hint: an ID token does not belong into a page. */
function wireForm({ client, after, uiLocales }: LogoutRequest): Record<string, string> {
  return {
    ...(client === undefined ? {} : { client_id: client.client_id }),
    ...(after === undefined ? {} : { post_logout_redirect_uri: after.uri }),
    ...(after?.state === undefined ? {} : { state: after.state }),
    ...(uiLocales === undefined ? {} : { ui_locales: uiLocales.join(' ') }),
  }
}

/** One token a browser, session and request: a page that was shown to one user is not answered as another. */
function bindingOf(browser: string, session: Session, request: LogoutRequest): FormBinding {
  return ['logout', browser, session.id, wireForm(request)]
}

function redirect(req: Request, res: Response, location: string): void {
  // After a POST 303 makes the browser go on with GET (RFC 9110 §15.4.4).
  res.status(req.method === 'POST' ? 303 : 302).set({ Location: location, 'Cache-Control': 'no-store' })
  res.end()
}
