import type { Request, Response } from 'express'
import { newAuthorization } from '../authorization/new-authorization.ts'
import { nextStep } from '../authorization/next-step.ts'
import { findPerson, type Person } from '../authorization/person.ts'
import { type OpenedRequest, type PushedRequests, unusableRequestUri } from '../authorization/pushed-requests.ts'
import { readAuthorizationRequest } from '../authorization/read-request.ts'
import { asClientKnows, refusal } from '../authorization/signed-in.ts'
import { resolveTarget, type Target } from '../authorization/target.ts'
import type { ClientRegistry } from '../clients/client-registry.ts'
import type { Lifetimes } from '../config/load.ts'
import { type ClientResponder, errorResponse } from '../http/client-response.ts'
import type { Cookies } from '../http/cookies.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { readForm, readQuery } from '../http/form.ts'
import { interactionPath } from '../http/interaction-path.ts'
import { basePathOf } from '../http/issuer-url.ts'
import type { ErrorRenderer } from '../http/render-error.ts'
import { noteClient, noteLanguage } from '../http/request-facts.ts'
import type { IdentitySource } from '../identity/identity-source.ts'
import type { Subjects } from '../identity/subjects.ts'
import type { Clock } from '../lib/clock.ts'
import { sha256 } from '../lib/digest.ts'
import type { Random } from '../lib/random.ts'
import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { HandleMacs } from '../oauth/handles.ts'
import { writeCode } from '../oauth/handles.ts'
import { type Params, writeQuery } from '../oauth/params.ts'
import { isPushed } from '../oauth/request-uri.ts'
import type { Resources } from '../oauth/resource.ts'
import { readUiLocales } from '../oauth/ui-locales.ts'
import type { Sessions } from '../session/sessions.ts'
import type { NewAuthorization, Store } from '../store/store.ts'
import type { Audit } from '../telemetry/events.ts'
import type { IdTokens } from '../tokens/id-token.ts'

/** What the authorization endpoint works with. */
interface AuthorizeDeps {
  config: { issuer: string; lifetimes: Lifetimes; resources: Resources; requirePushedRequests: boolean }
  clients: ClientRegistry
  sessions: Sessions
  identity: IdentitySource
  pushedRequests: PushedRequests
  store: Pick<Store, 'authorizations' | 'interactions'>
  handles: HandleMacs
  cookies: Cookies
  errors: ErrorRenderer
  toClient: ClientResponder
  subjects: Subjects
  idTokens: IdTokens
  clock: Clock
  random: Random
  audit: Audit
}

/** An authorization request on its way to an answer. */
interface Asked {
  /** Of the interaction and the authorization that may come of it. */
  id: string
  request: AuthorizationRequest
  target: Target
  /** Where it was pushed (RFC 9126): it is an interaction of this browser already. */
  opened: OpenedRequest | undefined
}

const PATH = '/oauth/authorize'

/** What fits into an address that every server on the way takes. */
const LONGEST_QUERY = 8000

/** How long a request waits for its person, in milliseconds. */
export const INTERACTION_LIFETIME = 30 * 60 * 1000

/** The authorization endpoint (RFC 6749 §3.1): begins every flow. */
export function authorize(deps: AuthorizeDeps): Endpoint {
  const { clients, errors, config, toClient } = deps

  const handle = async (params: Params, req: Request, res: Response) => {
    noteLanguage(res, readUiLocales(params.ui_locales))
    // Until there is a Target, errors have nowhere to go but a page.
    const opened = isPushed(params) ? await openPushed(params, req, res) : undefined
    const target = opened?.target ?? resolveTarget(params, clients)
    noteClient(res, target.client.client_id)
    if (opened !== undefined) noteLanguage(res, opened.interaction.request.uiLocales)
    try {
      const request = opened?.interaction.request ?? (await readUnpushed(params, target))
      await answer({ id: opened?.interaction.id ?? deps.random.id(), request, target, opened }, req, res)
    } catch (error) {
      // What is wrong with a request_uri is between this server and the browser: its request was answered before.
      if (!(error instanceof OAuthError) || error.code === 'invalid_request_uri') throw error
      errors.note(res, error)
      toClient(req, res, target, errorResponse(error))
    }
  }

  const readUnpushed = async (params: Params, target: Target) => {
    if (config.requirePushedRequests || target.client.require_pushed_authorization_requests) {
      throw new OAuthError('invalid_request', 'this request must be pushed first and named by request_uri (RFC 9126)', {
        cause: 'request-not-pushed',
      })
    }
    return readAuthorizationRequest(params, target, deps)
  }

  const openPushed = async (params: Params, req: Request, res: Response) => {
    const browser = deps.cookies.browser(req) ?? deps.random.secret()
    const opened = await deps.pushedRequests.open(params, sha256(browser), INTERACTION_LIFETIME)
    deps.cookies.setBrowser(res, browser)
    return opened
  }

  const answer = async (asked: Asked, req: Request, res: Response) => {
    const { id, request, target, opened } = asked
    // The user's index learns the id in the trip that finds the session, so that they and its end find what was issued.
    const person = await findPerson(deps.cookies.session(req), target, id, deps)
    const signedIn = person && asClientKnows(person, target.client, deps.subjects)
    const account = opened?.interaction.account
    const step = nextStep({ ...target, request, signedIn, now: deps.clock.now(), account })
    if (typeof step === 'object') {
      // That refusal is the answer of a pushed request: it need not wait for its person, whom nobody will ask.
      if (opened !== undefined) await deps.store.interactions.finish(id, 'denied', deps.clock.now())
      throw refusal(step.refuse)
    }
    if (step === 'issue' && person !== undefined) await issue(asked, person, req, res)
    else await interact(asked, req, res)
  }

  /** Nothing is left to ask: the code goes out at once. */
  const issue = async (asked: Asked, { session }: Person, req: Request, res: Response) => {
    const { id, request, target } = asked
    const first = await settle(
      asked,
      newAuthorization({ id, request, session, now: deps.clock.now(), codeLifetime: config.lifetimes.code }),
    )
    const { clientId, scope } = request
    if (first) {
      deps.audit({ event: 'code.issued', client_id: clientId, authorization_id: id, subject: session.subject, scope })
    }
    toClient(req, res, target, { code: writeCode(id, deps.handles) })
  }

  /**
   * Stores the authorization, and tells whether it is new. A pushed request ends as every interaction does: once, and asked
   * again, by a second tab or a reload, in the same code until that is used.
   */
  const settle = async ({ id, request, opened }: Asked, authorization: NewAuthorization): Promise<boolean> => {
    if (opened === undefined) {
      await deps.store.authorizations.create(authorization)
      return true
    }
    const result = await deps.store.interactions.finish(id, authorization, authorization.createdAt)
    // A code that someone else said yes to is not for whoever is signed in now.
    const same = result.status === 'finished' && result.subject === authorization.subject
    if (same && result.outcome === 'issued') return result.first
    throw unusableRequestUri('used-request-uri', request.clientId, id)
  }

  /** Someone must sign in or consent: the request waits in the store, bound to this browser. */
  const interact = async (asked: Asked, req: Request, res: Response) => {
    const { id, request, opened } = asked
    if (opened?.interaction.outcome !== undefined) throw unusableRequestUri('used-request-uri', request.clientId, id)
    if (opened === undefined) await begin(id, request, req, res)
    res.set({ 'Cache-Control': 'no-store', Location: interactionPath(config.issuer, id, request.clientId) })
    res.status(req.method === 'POST' ? 303 : 302).end()
  }

  const begin = async (id: string, request: AuthorizationRequest, req: Request, res: Response) => {
    const browser = deps.cookies.browser(req) ?? deps.random.secret()
    const createdAt = deps.clock.now()
    await deps.store.interactions.create({
      id,
      request,
      browserHash: sha256(browser),
      createdAt,
      expiresAt: createdAt + INTERACTION_LIFETIME,
    })
    deps.cookies.setBrowser(res, browser)
  }

  const sendOnAsGet = (params: Params, res: Response) => {
    const query = writeQuery(params)
    if (query.length > LONGEST_QUERY) {
      throw new OAuthError(
        'invalid_request',
        'the request is too long for a form from another site; push it (RFC 9126)',
        {
          cause: 'long-form-request',
        },
      )
    }
    res.set({ 'Cache-Control': 'no-store', Location: `${basePathOf(config.issuer)}${PATH}?${query}` })
    res.status(303).end()
  }

  return {
    path: PATH,
    metadata: 'authorization_endpoint',
    errors: 'page',
    limit: 'authorize-by-address',
    methods: {
      GET: (req, res) => handle(readQuery(req), req, res),
      // RFC 6749 §3.1 allows POST; the parameters are then in the form.
      POST: async (req, res) => {
        const params = await readForm(req)
        // Browsers keep Lax cookies back from another site's form, and take new ones from the answer: answered here, the
        // person would look signed out, and their other tabs would lose the cookie they are bound to.
        const cookieless = deps.cookies.browser(req) === undefined && deps.cookies.session(req) === undefined
        if (cookieless) sendOnAsGet(params, res)
        else await handle(params, req, res)
      },
    },
  }
}
