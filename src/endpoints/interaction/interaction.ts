import type { Request, Response } from 'express'
import { refusal } from '../../authorization/signed-in.ts'
import type { Endpoint } from '../../http/endpoint.ts'
import { readForm } from '../../http/form.ts'
import { INTERACTION_PATH } from '../../http/interaction-path.ts'
import { requireOwnOrigin } from '../../http/own-origin.ts'
import { OAuthError } from '../../oauth/errors.ts'
import { showAccounts, submitAccount } from './accounts.ts'
import { showConsent, submitConsent } from './consent.ts'
import { type InteractionDeps, openVisit, requireVisitToken, stepOf } from './context.ts'
import { showContinue, submitContinue } from './continue.ts'
import { finish, sendFinishedPage } from './finish.ts'
import { showLogin, submitLogin } from './login.ts'

/** The one dispatcher of interactions: it shows what comes next and takes the answers. Every step comes back to it. */
export function interaction(deps: InteractionDeps): Endpoint {
  const show = async (req: Request, res: Response) => {
    const visit = await openVisit(req, res, deps)
    const { person, interaction } = visit
    if (interaction.outcome !== undefined) return sendFinishedPage(visit, res, deps)
    const step = stepOf(visit, deps)
    // A request that must not ask is refused before it becomes an interaction; one that turns so is refused here.
    if (typeof step === 'object') throw refusal(step.refuse)
    if (person === undefined || step === 'login') return showLogin(visit, res, deps)
    switch (step) {
      case 'choose':
        return showAccounts(visit, person, res, deps)
      case 'consent':
        return showConsent(visit, person, res, deps)
      case 'continue':
        return showContinue(visit, person, res, deps)
      case 'issue':
        return finish(visit, { person, request: interaction.request }, req, res, deps)
    }
  }

  const submit = async (req: Request, res: Response) => {
    requireOwnOrigin(req, deps.config.issuer)
    const params = await readForm(req)
    const visit = await openVisit(req, res, deps)
    requireVisitToken(params.csrf, visit, deps.csrf)
    switch (params.step) {
      case 'login':
        return submitLogin(visit, params, req, res, deps)
      case 'account':
        return submitAccount(visit, params, res, deps)
      case 'consent':
        return submitConsent(visit, params, req, res, deps)
      case 'continue':
        return submitContinue(visit, params, req, res, deps)
      case 'cancel':
        return finish(visit, 'denied', req, res, deps)
      default:
        throw new OAuthError('invalid_request', 'step must be login, account, consent, continue or cancel', {
          cause: 'wrong-step',
        })
    }
  }

  return { path: INTERACTION_PATH, errors: 'page', methods: { GET: show, POST: submit } }
}
