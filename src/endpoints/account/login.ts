import type { Request, Response } from 'express'
import { beginSignInRefusal } from '../../http/sign-in-problem.ts'
import type { Sentence } from '../../locale/language.ts'
import type { Params } from '../../oauth/params.ts'
import {
  type AccountDeps,
  type AccountVisit,
  accountPath,
  csrfToken,
  requireCsrfToken,
  sendToAccount,
} from './context.ts'

/** Shows the sign-in page for somebody whom no client sends. */
export function showAccountLogin(
  visit: AccountVisit,
  res: Response,
  deps: AccountDeps,
  attempted: { username: string; kept: boolean; problem?: Sentence } = { username: '', kept: false },
): void {
  deps.views.send(res, 'sign-in', {
    action: accountPath(deps),
    csrf: csrfToken(visit, deps.csrf),
    offersKeeping: deps.config.lifetimes.sessionKept > 0,
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
  requireCsrfToken(params.csrf, visit, deps.csrf)
  const { username = '', password = '' } = params
  const kept = params.keep === 'yes'
  const result = await deps.signIn(req, res, { username, password })
  if (result.status !== 'signed-in') {
    const problem = beginSignInRefusal(res, result, deps.views.language(res))
    return showAccountLogin(visit, res, deps, { username: username.slice(0, 200), kept, problem })
  }
  const replaced = deps.cookies.session(req)
  const { handle, session } = await deps.sessions.start(result.user.subject, { replaced, kept })
  deps.cookies.setSession(res, handle, session)
  sendToAccount(res, deps)
}
