import type { Request, Response } from 'express'
import type { Person } from '../../authorization/person.ts'
import { beginSignInRefusal } from '../../http/sign-in-problem.ts'
import type { Sentence } from '../../locale/language.ts'
import type { Params } from '../../oauth/params.ts'
import type { Interaction } from '../../store/store.ts'
import { accountOf, type InteractionDeps, pageOf, sendBack, stepOf, type Visit } from './context.ts'

/** What the form shows of an attempt before. */
interface Attempted {
  username: string
  kept: boolean
  problem: Sentence
}

/** Shows the sign-in page. */
export function showLogin(visit: Visit, res: Response, deps: InteractionDeps, attempted?: Attempted): void {
  const { person } = visit
  const { account, request } = visit.interaction
  // Who asked for another account may change their mind.
  const back = person !== undefined && account === 'another' && mayGoBack(visit, person, deps)
  deps.views.send(res, 'sign-in', {
    ...pageOf(visit, res, deps),
    username: request.loginHint ?? '',
    offersKeeping: deps.config.lifetimes.sessionKept > 0,
    kept: false,
    ...(back ? { back: accountOf(visit, person, deps.csrf) } : {}),
    ...(isWrongAccount(visit) ? { username: '', problem: { key: 'sign-in.another-account' } } : {}),
    ...attempted,
  })
}

/** Whether the account that is signed in would do: a button that only leads to this page again is none. */
function mayGoBack(visit: Visit, { session }: Person, deps: InteractionDeps): boolean {
  const interaction: Interaction = { ...visit.interaction, account: { session: session.id, by: 'choice' } }
  return stepOf({ ...visit, interaction }, deps) !== 'login'
}

/** Whoever signed in for this request is not whom the client named: without a word they would only see the form again. */
function isWrongAccount({ interaction: { account }, person }: Visit): boolean {
  if (typeof account !== 'object' || account.by !== 'sign-in') return false
  return account.session.secret === person?.session.id.secret
}

/** Signs a person in by username and password, and comes back to the interaction. */
export async function submitLogin(
  visit: Visit,
  params: Params,
  req: Request,
  res: Response,
  deps: InteractionDeps,
): Promise<void> {
  const { id, request } = visit.interaction
  const { username = '', password = '' } = params
  const kept = params.keep === 'yes'
  const result = await deps.signIn(req, res, { username, password, clientId: request.clientId })
  if (result.status !== 'signed-in') {
    const problem = beginSignInRefusal(res, result, deps.views.language(res))
    return showLogin(visit, res, deps, { username: username.slice(0, 200), kept, problem })
  }
  // A new session for every sign-in, and the old one ends: an id that someone planted or saw before is worth nothing.
  const replaced = deps.cookies.session(req)
  const { handle, session } = await deps.sessions.start(result.user.subject, { replaced, kept })
  await deps.store.interactions.settle(id, { session: session.id, by: 'sign-in' }, deps.clock.now())
  deps.cookies.setSession(res, handle, session)
  sendBack(visit, res, deps)
}
