import type { Request, Response } from 'express'
import type { Endpoint } from '../../http/endpoint.ts'
import { readForm } from '../../http/form.ts'
import { requireOwnOrigin } from '../../http/own-origin.ts'
import { OAuthError } from '../../oauth/errors.ts'
import { showConnected, submitDisconnect } from './connected.ts'
import { type AccountDeps, openAccount, PATH } from './context.ts'
import { showAccountLogin, submitAccountLogin } from './login.ts'

/** Where a person sees which clients may act for them, and ends it. Whoever is not signed in is asked to do that first. */
export function account(deps: AccountDeps): Endpoint {
  const show = async (req: Request, res: Response) => {
    const visit = await openAccount(req, res, deps)
    const { person } = visit
    return person === undefined ? showAccountLogin(visit, res, deps) : showConnected(visit, person, req, res, deps)
  }

  const submit = async (req: Request, res: Response) => {
    requireOwnOrigin(req, deps.config.issuer)
    const params = await readForm(req)
    const visit = await openAccount(req, res, deps)
    switch (params.step) {
      case 'login':
        return submitAccountLogin(visit, params, req, res, deps)
      case 'disconnect':
        return submitDisconnect(visit, params, res, deps)
      default:
        throw new OAuthError('invalid_request', 'step must be login or disconnect', { cause: 'wrong-step' })
    }
  }

  return { path: PATH, errors: 'page', methods: { GET: show, POST: submit } }
}
