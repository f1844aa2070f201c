import type { Request, Response } from 'express'
import { newAuthorization } from '../authorization/new-authorization.ts'
import { nextStep } from '../authorization/next-step.ts'
import { findPerson, type Person } from '../authorization/person.ts'
import { resolveTarget, type Target } from '../authorization/target.ts'
import type { ClientRegistry } from '../clients/client-registry.ts'
import type { Lifetimes } from '../config/load.ts'
import { errorResponse, sendToClient } from '../http/authorization-response.ts'
import type { Cookies } from '../http/cookies.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { readForm, readQuery } from '../http/form.ts'
import { interactionPath } from '../http/interaction-path.ts'
import type { ErrorRenderer } from '../http/render-error.ts'
import { noteClient } from '../http/request-facts.ts'
import type { IdentitySource } from '../identity/identity-source.ts'
import type { Clock } from '../lib/clock.ts'
import { sha256 } from '../lib/digest.ts'
import type { Random } from '../lib/random.ts'
import { type AuthorizationRequest, requireAuthorizationRequest } from '../oauth/authorization-request.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { HandleMacs } from '../oauth/handles.ts'
import { writeCode } from '../oauth/handles.ts'
import type { Params } from '../oauth/params.ts'
import type { Resources } from '../oauth/resource.ts'
import type { Sessions } from '../session/sessions.ts'
import type { Store } from '../store/store.ts'
import type { Audit } from '../telemetry/events.ts'

/** What the authorization endpoint works with. */
interface AuthorizeDeps {
  config: { issuer: string; lifetimes: Lifetimes; resources: Resources }
  clients: ClientRegistry
  sessions: Sessions
  identity: IdentitySource
  store: Pick<Store, 'authorizations' | 'interactions'>
  handles: HandleMacs
  cookies: Cookies
  errors: ErrorRenderer
  clock: Clock
  random: Random
  audit: Audit
}

/** How long a request waits for its person, in milliseconds. */
const INTERACTION_LIFETIME = 30 * 60 * 1000

/** The authorization endpoint (RFC 6749 §3.1): begins every flow. */
export function authorize(deps: AuthorizeDeps): Endpoint {
  const { clients, errors, config } = deps

  const handle = async (params: Params, req: Request, res: Response) => {
    // Until there is a Target, errors have nowhere to go but a page.
    const target = resolveTarget(params, clients)
    noteClient(res, target.client.client_id)
    try {
      const request = requireAuthorizationRequest(params, target.client, target.redirectUri, config.resources)
      await answer(request, target, req, res)
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      errors.note(res, error)
      sendToClient(req, res, target, errorResponse(error), config.issuer)
    }
  }

  const answer = async (request: AuthorizationRequest, target: Target, req: Request, res: Response) => {
    const person = await findPerson(deps.cookies.session(req), target, deps)
    const step = nextStep({ ...target, request, signedIn: person !== undefined, consent: person?.consent })
    if (step === 'issue' && person !== undefined) await issue(request, target, person, req, res)
    else await interact(request, req, res)
  }

  /** Nothing is left to ask: the code goes out at once and no interaction is stored. */
  const issue = async (request: AuthorizationRequest, target: Target, person: Person, req: Request, res: Response) => {
    const id = deps.random.id()
    const { session } = person
    await deps.store.authorizations.create(
      newAuthorization({ id, request, session, now: deps.clock.now(), codeLifetime: config.lifetimes.code }),
    )
    const { clientId, scope } = request
    deps.audit({ event: 'code.issued', client_id: clientId, authorization_id: id, subject: session.subject, scope })
    sendToClient(req, res, target, { code: writeCode(id, deps.handles) }, config.issuer)
  }

  /** Someone must sign in or consent: the request waits in the store, bound to this browser. */
  const interact = async (request: AuthorizationRequest, req: Request, res: Response) => {
    const browser = deps.cookies.browser(req) ?? deps.random.secret()
    const id = deps.random.id()
    const createdAt = deps.clock.now()
    await deps.store.interactions.create({
      id,
      request,
      browserHash: sha256(browser),
      createdAt,
      expiresAt: createdAt + INTERACTION_LIFETIME,
    })
    deps.cookies.setBrowser(res, browser)
    res.set({ 'Cache-Control': 'no-store', Location: interactionPath(config.issuer, id) })
    res.status(req.method === 'POST' ? 303 : 302).end()
  }

  return {
    path: '/oauth/authorize',
    metadata: 'authorization_endpoint',
    errors: 'page',
    methods: {
      GET: (req, res) => handle(readQuery(req), req, res),
      // RFC 6749 §3.1 allows POST; the parameters are then in the form.
      POST: async (req, res) => handle(await readForm(req, res), req, res),
    },
  }
}
