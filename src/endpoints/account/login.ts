import type { Request, Response } from 'express'
import { type AttemptedSignIn, takeSignInForm } from '../../http/sign-in-form.ts'
import type { Params } from '../../oauth/params.ts'
import {
  type AccountDeps,
  type AccountVisit,
  accountPath,
  requireVisitToken,
  sendToAccount,
  visitToken,
} from './context.ts'

/** Shows the sign-in page for somebody whom no client sends. */
export function showAccountLogin(
  visit: AccountVisit,
  res: Response,
  deps: AccountDeps,
  attempted?: AttemptedSignIn,
): void {
  deps.views.send(res, 'sign-in', {
    action: accountPath(deps),
    csrf: visitToken(visit, deps.csrf),
    offersKeeping: deps.config.lifetimes.sessionKept > 0,
    username: '',
    kept: false,
    ...attempted,
  })
}

/** Signs a person in and comes back to the page. Where somebody is signed in by now, it shows whom that is. */
export async function submitAccountLogin(
  visit: AccountVisit,
  params: Params,
  req: Request,
  res: Response,
  deps: AccountDeps,
): Promise<void> {
  if (visit.person !== undefined) return sendToAccount(res, deps)
  requireVisitToken(params.csrf, visit, deps.csrf)
  const result = await takeSignInForm(params, {}, req, res, deps)
  if (result.status === 'refused') return showAccountLogin(visit, res, deps, result.attempted)
  sendToAccount(res, deps)
}
