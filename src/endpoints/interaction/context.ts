import type { Request, Response } from 'express'
import { type NextStep, nextStep } from '../../authorization/next-step.ts'
import { findPerson, type Person } from '../../authorization/person.ts'
import { asClientKnows } from '../../authorization/signed-in.ts'
import { resolveAgain, type Target } from '../../authorization/target.ts'
import type { ClientLogos } from '../../clients/client-logos.ts'
import type { ClientRegistry } from '../../clients/client-registry.ts'
import type { Lifetimes } from '../../config/load.ts'
import type { ClientResponder } from '../../http/client-response.ts'
import type { Cookies } from '../../http/cookies.ts'
import { csrfToken, type FormBinding, requireCsrfToken } from '../../http/csrf.ts'
import { readQuery } from '../../http/form.ts'
import { interactionPath } from '../../http/interaction-path.ts'
import { noteClient, noteLanguage } from '../../http/request-facts.ts'
import { shownClient } from '../../http/shown-client.ts'
import type { SignIn } from '../../http/sign-in.ts'
import type { Views } from '../../http/views.ts'
import type { IdentitySource } from '../../identity/identity-source.ts'
import type { Subjects } from '../../identity/subjects.ts'
import type { Clock } from '../../lib/clock.ts'
import { sha256 } from '../../lib/digest.ts'
import type { Mac } from '../../lib/mac.ts'
import { safeEqual } from '../../lib/safe-equal.ts'
import type { LocalizedText } from '../../locale/localized-text.ts'
import { OAuthError } from '../../oauth/errors.ts'
import type { HandleMacs } from '../../oauth/handles.ts'
import type { Resources } from '../../oauth/resource.ts'
import type { Sessions } from '../../session/sessions.ts'
import type { Interaction, Store } from '../../store/store.ts'
import type { Audit } from '../../telemetry/events.ts'

/** What the steps of an interaction work with. */
export interface InteractionDeps {
  config: { issuer: string; lifetimes: Lifetimes; resources: Resources }
  clients: ClientRegistry
  logos: ClientLogos
  sessions: Sessions
  identity: IdentitySource
  signIn: SignIn
  store: Pick<Store, 'interactions' | 'consents'>
  handles: HandleMacs
  csrf: Mac
  cookies: Cookies
  views: Views
  toClient: ClientResponder
  subjects: Subjects
  clock: Clock
  audit: Audit
  scopes(): Readonly<Record<string, LocalizedText>>
}

/** Everything a step needs to know about one visit to an interaction. */
export interface Visit {
  interaction: Interaction
  target: Target
  /** The secret of the browser that began the interaction, which is the one that is here now. */
  browser: string
  person: Person | undefined
}

/**
 * Finds the interaction of a request and makes sure that it is this browser's own.
 *
 * @throws OAuthError where it is over, another browser began it, or its client is no longer registered
 */
export async function openVisit(req: Request, res: Response, deps: InteractionDeps): Promise<Visit> {
  const id = String(req.params.id)
  const interaction = /^[A-Za-z0-9_-]{22}$/.test(id)
    ? await deps.store.interactions.find(id, deps.clock.now())
    : undefined
  if (interaction === undefined) {
    noteNamedClient(req, res, deps.clients)
    throw new OAuthError(
      'invalid_request',
      'this sign-in is over or was never begun; go back to the app and start again',
      {
        status: 404,
        cause: 'unknown-interaction',
      },
    )
  }
  noteClient(res, interaction.request.clientId)
  noteLanguage(res, interaction.request.uiLocales)
  const browser = deps.cookies.browser(req)
  // A flow begun in one browser and finished in another is how an attacker's code reaches a victim, or the reverse.
  if (browser === undefined || !safeEqual(sha256(browser), interaction.browserHash)) {
    throw new OAuthError(
      'invalid_request',
      'this sign-in was begun in another browser, or this one does not keep cookies; go back to the app and start again',
      { status: 403, cause: browser === undefined ? 'browser-cookie-missing' : 'foreign-browser' },
    )
  }
  const target = resolveAgain(interaction.request, deps.clients)
  if (target === undefined) {
    throw new OAuthError('invalid_client', 'the app that sent you here is no longer registered', {
      cause: 'client-gone',
    })
  }
  return { interaction, target, browser, person: await findPerson(deps.cookies.session(req), target, id, deps) }
}

/** What the forms of a visit are bound to: the same on every page of it, another for every interaction and browser. */
function bindingOf({ interaction, browser }: Visit): FormBinding {
  return ['interaction', interaction.id, browser]
}

/** Throws OAuthError unless the token was made for this visit. */
export function requireVisitToken(token: string | undefined, visit: Visit, mac: Mac): void {
  const refusal = { cause: 'wrong-csrf-token', remedy: 'go back to the app and start again' }
  requireCsrfToken(token, bindingOf(visit), mac, refusal)
}

/** The client that the address names: an interaction that is gone can no longer say whose it was. */
function noteNamedClient(req: Request, res: Response, clients: ClientRegistry): void {
  const { client_id: clientId } = readQuery(req)
  if (clientId !== undefined && clients.find(clientId) !== undefined) noteClient(res, clientId)
}

/** What comes next in the interaction. */
export function stepOf({ interaction, target, person }: Visit, deps: InteractionDeps): NextStep {
  const signedIn = person && asClientKnows(person, target.client, deps.subjects)
  const { request, account } = interaction
  return nextStep({ ...target, request, signedIn, now: deps.clock.now(), account })
}

/** What every page of an interaction has: where its forms go, their token, and who asks. */
export function pageOf(visit: Visit, res: Response, deps: InteractionDeps) {
  const { interaction, target } = visit
  const { issuer } = deps.config
  return {
    action: interactionPath(issuer, interaction.id, interaction.request.clientId),
    csrf: csrfToken(bindingOf(visit), deps.csrf),
    client: shownClient(target, deps.views.language(res), { logos: deps.logos, issuer }),
  }
}

/**
 * The account of the person as a page shows it, with a token that says whose it is: so that a page which was shown to one
 * user is not answered as another.
 */
export function accountOf(
  { interaction }: Visit,
  { user }: Person,
  mac: Mac,
): { name: string; username: string; token: string } {
  const token = csrfToken(['account', interaction.id, user.subject], mac)
  return { name: user.name, username: user.username, token }
}

/** Takes a yes for nobody's that came from a page with another account on it: the person is asked whose it goes on with. */
export async function askWhose(visit: Visit, res: Response, deps: InteractionDeps): Promise<void> {
  await deps.store.interactions.settle(visit.interaction.id, 'unsure', deps.clock.now())
  sendBack(visit, res, deps)
}

/** Sends the browser to the interaction, which shows what comes next. */
export function sendBack({ interaction }: Visit, res: Response, { config }: InteractionDeps): void {
  const location = interactionPath(config.issuer, interaction.id, interaction.request.clientId)
  res.status(303).set({ Location: location, 'Cache-Control': 'no-store' }).end()
}
