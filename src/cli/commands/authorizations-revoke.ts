import { disconnect } from '../../authorization/connected.ts'
import { userKeyOf } from '../../session/sessions.ts'
import { type Audit, createAudit } from '../../telemetry/events.ts'
import { createLogger } from '../../telemetry/logger.ts'
import { createRequestScopes } from '../../telemetry/request-scope.ts'
import { findAuthorizations, type Opened, whose, withAuthorizations } from '../authorizations/scope.ts'
import { authorizationTable } from '../authorizations/table.ts'
import { command, json } from '../command.ts'
import { CliError, EXIT, usageError } from '../exit.ts'
import type { Io } from '../io.ts'
import { isInteractive, openPrompt } from '../prompt.ts'

export const authorizationsRevoke = command({
  name: 'authorizations revoke',
  summary: 'end what clients may do for users',
  usage: `Ends the authorizations of a user, of a client, or of a user at a client, and forgets the
consents that belong to them: refresh tokens are worth nothing from now on, introspection calls
access tokens inactive, and the client gets nothing more unless the user allows it anew. APIs
that check access tokens by their signature alone take them until they expire.

Asks before it does so, or needs --yes. Audit events are written to standard error, in the form
of the server's log: authorization.ended for each, client.disconnected for each user and client.

With --client alone, consents are forgotten of those users only who have an authorization now.`,
  options: {
    ...whose,
    yes: { type: 'boolean', summary: 'do not ask' },
    json,
  },
  run: ({ user, client, yes, json: asJson }, io) =>
    withAuthorizations({ user, client }, io, async (opened) => {
      const found = await findAuthorizations(opened, io.clock.now())
      if (yes !== true) await requireYes(authorizationTable(found), found.length, io)
      const audit = createAudit(
        createLogger({ level: 'info', requests: createRequestScopes() }, { write: (line: string) => io.err(line) }),
        () => undefined,
      )
      const ended = await endAll(opened, io, audit)
      if (asJson === true) io.out(`${JSON.stringify({ ended })}\n`)
      else io.out(`${ended === 1 ? 'One authorization' : `${ended} authorizations`} ended.\n`)
      return EXIT.ok
    }),
})

async function endAll(opened: Opened, io: Io, audit: Audit): Promise<number> {
  let ended = 0
  for (const { subject, clientId } of await pairsOf(opened, io)) {
    ended += await disconnect(subject, clientId, { store: opened.store, clock: io.clock, audit })
  }
  return ended
}

/** Every user and client that are to be parted. */
async function pairsOf(
  { store, operator, scope, ...opened }: Opened,
  io: Io,
): Promise<Array<{ subject: string; clientId: string }>> {
  const { subject, clientId } = scope
  if (subject !== undefined && clientId !== undefined) return [{ subject, clientId }]
  if (subject === undefined) {
    const { subjects } = await operator.ofClient(clientId as string, io.clock.now())
    return subjects.map((one) => ({ subject: one, clientId: clientId as string }))
  }
  const all = await findAuthorizations({ store, operator, scope, ...opened }, io.clock.now())
  // A consent alone would let the client come back without a question.
  const consents = await store.consents.ofUser(userKeyOf(subject), io.clock.now())
  return [...new Set([...all, ...consents].map((one) => one.clientId))].map((one) => ({ subject, clientId: one }))
}

async function requireYes(table: string, count: number, io: Io): Promise<void> {
  if (!isInteractive(io)) throw usageError('this ends authorizations: give --yes, or answer at a terminal')
  io.err(table)
  const prompt = openPrompt(io)
  try {
    const answer = await prompt.ask(
      `End ${count === 1 ? 'this one' : `these ${count}`}, and forget the consents? Type yes:`,
    )
    if (answer !== 'yes') throw new CliError(EXIT.no, 'nothing was ended')
  } finally {
    prompt.close()
  }
}
