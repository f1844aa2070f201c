import type { Request, Response } from 'express'
import type { Person } from '../../authorization/person.ts'
import type { Params } from '../../oauth/params.ts'
import { accountOf, askWhose, type InteractionDeps, pageOf, sendBack, stepOf, type Visit } from './context.ts'
import { finish } from './finish.ts'

/**
 * Shows the one button that opens an installed app. Nothing is left to ask, but browsers hand an address over to an app only
 * where a person has just tapped something. The code is made at the tap, so that it is fresh however long the page stood.
 */
export function showContinue(visit: Visit, person: Person, res: Response, deps: InteractionDeps): void {
  deps.views.send(res, 'continue', {
    ...pageOf(visit, res, deps),
    account: accountOf(visit, person, deps.csrf),
  })
}

/** Takes the tap. */
export async function submitContinue(
  visit: Visit,
  params: Params,
  req: Request,
  res: Response,
  deps: InteractionDeps,
): Promise<void> {
  const { person, interaction } = visit
  const step = stepOf(visit, deps)
  const isDue = interaction.outcome !== undefined || step === 'continue' || step === 'issue'
  if (person === undefined) return sendBack(visit, res, deps)
  if (params.account !== accountOf(visit, person, deps.csrf).token) return askWhose(visit, res, deps)
  if (!isDue) return sendBack(visit, res, deps)
  await finish(visit, { person, request: interaction.request }, req, res, deps)
}
