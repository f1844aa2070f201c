import type { Request, Response } from 'express'
import { nextStep } from '../../authorization/next-step.ts'
import { asClientKnows, refusal } from '../../authorization/signed-in.ts'
import type { Endpoint } from '../../http/endpoint.ts'
import { readForm } from '../../http/form.ts'
import { INTERACTION_PATH } from '../../http/interaction-path.ts'
import { requireOwnOrigin } from '../../http/own-origin.ts'
import { OAuthError } from '../../oauth/errors.ts'
import { showConsent, submitConsent } from './consent.ts'
import { type InteractionDeps, openVisit, requireCsrfToken } from './context.ts'
import { finish, sendFinishedPage } from './finish.ts'
import { showLogin, submitLogin } from './login.ts'

const ANOTHER_ACCOUNT = 'The app asks for another account than the one you signed in to.'

/** The one dispatcher of interactions: it shows what comes next and takes the answers. Every step comes back to it. */
export function interaction(deps: InteractionDeps): Endpoint {
  const show = async (req: Request, res: Response) => {
    const visit = await openVisit(req, res, deps)
    const {
      target,
      person,
      interaction: { request, outcome, createdAt },
    } = visit // prettier-ignore
    if (outcome !== undefined) return sendFinishedPage(visit, res, deps)
    const signedIn = person && asClientKnows(person, target.client, deps.subjects)
    const step = nextStep({ ...target, request, signedIn, now: deps.clock.now(), askedAt: createdAt })
    // A request that must not ask is refused before it becomes an interaction; one that turns so is refused here.
    if (typeof step === 'object') throw refusal(step.refuse)
    if (person === undefined || step === 'login') {
      // Whoever signed in for this request is not whom the client named: without a word they would only see the form again.
      const another = person !== undefined && person.session.authenticatedAt >= createdAt
      return showLogin(visit, res, deps, another ? { username: '', problem: ANOTHER_ACCOUNT } : undefined)
    }
    return step === 'issue' ? finish(visit, person, req, res, deps) : showConsent(visit, person, res, deps)
  }

  const submit = async (req: Request, res: Response) => {
    requireOwnOrigin(req, deps.config.issuer)
    const params = await readForm(req, res)
    const visit = await openVisit(req, res, deps)
    requireCsrfToken(params.csrf, visit, deps.csrf)
    switch (params.step) {
      case 'login':
        return submitLogin(visit, params, req, res, deps)
      case 'consent':
        return submitConsent(visit, params, req, res, deps)
      case 'cancel':
        return finish(visit, 'denied', req, res, deps)
      default:
        throw new OAuthError('invalid_request', 'step must be login, consent or cancel', { cause: 'wrong-step' })
    }
  }

  return { path: INTERACTION_PATH, errors: 'page', methods: { GET: show, POST: submit } }
}
