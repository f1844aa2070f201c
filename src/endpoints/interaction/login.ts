import type { Request, Response } from 'express'
import type { Person } from '../../authorization/person.ts'
import { type AttemptedSignIn, takeSignInForm } from '../../http/sign-in-form.ts'
import type { Params } from '../../oauth/params.ts'
import type { SessionId } from '../../store/sessions.ts'
import type { Interaction } from '../../store/store.ts'
import { accountOf, type InteractionDeps, pageOf, sendBack, stepOf, type Visit } from './context.ts'

/** Shows the sign-in page. */
export function showLogin(visit: Visit, res: Response, deps: InteractionDeps, attempted?: AttemptedSignIn): void {
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
  const begun = () => findBegun(id, deps)
  const result = await takeSignInForm(params, { clientId: request.clientId, begun }, req, res, deps)
  if (result.status === 'refused') return showLogin(visit, res, deps, result.attempted)
  await deps.store.interactions.settle(id, { session: result.session.id, by: 'sign-in' }, deps.clock.now())
  sendBack(visit, res, deps)
}

/** The session of a sign-in for this interaction; of a double click, the second finds here what the first began. */
async function findBegun(id: string, { store, clock }: InteractionDeps): Promise<SessionId | undefined> {
  const account = (await store.interactions.find(id, clock.now()))?.account
  return typeof account === 'object' && account.by === 'sign-in' ? account.session : undefined
}
