import type { Request, Response } from 'express'
import { interactionPath } from '../../http/interaction-path.ts'
import { shownClient } from '../../http/shown-client.ts'
import type { Params } from '../../oauth/params.ts'
import { csrfToken, type InteractionDeps, sendBack, type Visit } from './context.ts'

/** Shows the sign-in page. */
export function showLogin(
  visit: Visit,
  res: Response,
  deps: InteractionDeps,
  again: { username: string; problem?: string } = { username: visit.interaction.request.loginHint ?? '' },
): void {
  const page = deps.views.render('sign-in', {
    action: interactionPath(deps.config.issuer, visit.interaction.id),
    csrf: csrfToken(visit, deps.csrf),
    client: shownClient(visit.target),
    ...again,
  })
  res.set('Cache-Control', 'no-store').type('html').send(page)
}

/** Signs a person in by username and password, and comes back to the interaction. */
export async function submitLogin(
  visit: Visit,
  params: Params,
  req: Request,
  res: Response,
  deps: InteractionDeps,
): Promise<void> {
  const { clientId } = visit.interaction.request
  const username = params.username ?? ''
  const user = await deps.identity.authenticate(username, params.password ?? '')
  if (user === undefined) {
    deps.audit({ event: 'sign_in.failed', client_id: clientId, cause: 'wrong-username-or-password' })
    res.status(401)
    showLogin(visit, res, deps, { username: username.slice(0, 200), problem: 'The username or password is not right.' })
    return
  }
  // A new session for every sign-in, and the old one ends: an id that someone planted or saw before is worth nothing.
  const { handle } = await deps.sessions.start(user.subject, deps.cookies.session(req))
  deps.audit({ event: 'sign_in.succeeded', subject: user.subject, client_id: clientId })
  deps.cookies.setSession(res, handle)
  sendBack(visit, res, deps)
}
