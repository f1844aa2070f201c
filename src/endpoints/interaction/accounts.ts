import type { Response } from 'express'
import type { Person } from '../../authorization/person.ts'
import { OAuthError } from '../../oauth/errors.ts'
import type { Params } from '../../oauth/params.ts'
import { accountOf, type InteractionDeps, pageOf, sendBack, type Visit } from './context.ts'

/** Shows whose account it may go on with (OpenID Connect Core §3.1.2.1, `select_account`). */
export function showAccounts(visit: Visit, person: Person, res: Response, deps: InteractionDeps): void {
  deps.views.send(res, 'accounts', {
    ...pageOf(visit, res, deps),
    account: accountOf(visit, person, deps.csrf),
  })
}

/** Takes the choice: exactly `this` or `another`. What is asked next, the dispatcher shows. */
export async function submitAccount(visit: Visit, params: Params, res: Response, deps: InteractionDeps): Promise<void> {
  if (params.answer !== 'this' && params.answer !== 'another') {
    throw new OAuthError('invalid_request', 'answer must be this or another', { cause: 'wrong-answer' })
  }
  const { person, interaction } = visit
  const settle = deps.store.interactions.settle
  if (params.answer === 'another') {
    await settle(interaction.id, 'another', deps.clock.now())
  } else if (person !== undefined && params.account === accountOf(visit, person, deps.csrf).token) {
    await settle(interaction.id, { session: person.session.id, by: 'choice' }, deps.clock.now())
  }
  sendBack(visit, res, deps)
}
