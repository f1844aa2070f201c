import { findAuthorizations, whose, withAuthorizations } from '../authorizations/scope.ts'
import { authorizationDocument, authorizationTable } from '../authorizations/table.ts'
import { command, json } from '../command.ts'
import { EXIT } from '../exit.ts'

export const authorizationsList = command({
  name: 'authorizations list',
  summary: 'show what clients may do for users at this moment',
  usage: `Lists the active authorizations of a user, of a client, or of a user at a client: client, user,
scopes, since when, when it last got tokens, and the id that audit events have as
authorization_id. Changes nothing. Needs Redis, and the environment of the server.

Those of a user are found by an index. For a client alone there is none: this walks over all
keys of Redis, in small steps that let the server's own commands pass.`,
  options: { ...whose, json },
  run: ({ user, client, json: asJson }, io) =>
    withAuthorizations({ user, client }, io, async (opened) => {
      const found = await findAuthorizations(opened, io.clock.now())
      if (asJson === true) io.out(`${JSON.stringify({ authorizations: found.map(authorizationDocument) }, null, 2)}\n`)
      else if (found.length === 0) io.err('There are none.\n')
      else io.out(authorizationTable(found))
      return EXIT.ok
    }),
})
