import type { Request, Response } from 'express'
import { newAuthorization } from '../../authorization/new-authorization.ts'
import type { Person } from '../../authorization/person.ts'
import { siteLink } from '../../http/shown-client.ts'
import type { AuthorizationRequest } from '../../oauth/authorization-request.ts'
import { OAuthError } from '../../oauth/errors.ts'
import { writeCode } from '../../oauth/handles.ts'
import type { InteractionDeps, Visit } from './context.ts'

/** Who said yes, and to what: the request, or what they left of it. */
interface Yes {
  person: Person
  request: AuthorizationRequest
}

/**
 * Ends the interaction with a yes or a no and sends the browser to the client. Asked again, by a second click or a
 * reload, it gives the first answer again; once that answer is used up, the page says so.
 *
 * @param answer who allowed it and what, or 'denied'
 */
export async function finish(
  visit: Visit,
  answer: Yes | 'denied',
  req: Request,
  res: Response,
  deps: InteractionDeps,
): Promise<void> {
  const { interaction, target } = visit
  const { id } = interaction
  const { clientId } = interaction.request
  const now = deps.clock.now()
  const codeLifetime = deps.config.lifetimes.code
  const outcome =
    answer === 'denied'
      ? answer
      : newAuthorization({ id, request: answer.request, session: answer.person.session, now, codeLifetime })
  const result = await deps.store.interactions.finish(id, outcome, now)

  switch (result.status) {
    case 'unknown':
      throw new OAuthError('invalid_request', 'this sign-in took too long; go back to the app and start again', {
        status: 404,
        cause: 'interaction-expired',
      })
    case 'spent':
      return sendFinishedPage(visit, res, deps)
    case 'finished':
      break
  }
  // A code that someone else said yes to, in this browser, is not for whoever is signed in now.
  if (result.outcome === 'issued' && result.subject !== visit.person?.user.subject) {
    return sendFinishedPage(visit, res, deps)
  }
  if (result.outcome === 'denied') {
    if (result.first) deps.audit({ event: 'consent.denied', client_id: clientId })
    const denied = { error: 'access_denied', error_description: 'the user did not allow it' }
    return deps.toClient(req, res, target, denied)
  }
  if (result.first && answer !== 'denied') {
    const { request, person } = answer
    const { scope } = request
    deps.audit({ event: 'code.issued', client_id: clientId, authorization_id: id, subject: person.user.subject, scope })
  }
  deps.toClient(req, res, target, { code: writeCode(id, deps.handles) })
}

/** The page for whoever comes back to an interaction that has ended. */
export function sendFinishedPage({ target: { client } }: Visit, res: Response, { views }: InteractionDeps): void {
  views.send(res, 'finished', { client: siteLink(client, views.language(res)) })
}
