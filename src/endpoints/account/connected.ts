import type { Request, Response } from 'express'
import { type ConnectedClient, disconnect, listConnected } from '../../authorization/connected.ts'
import { readQuery } from '../../http/form.ts'
import { basePathOf } from '../../http/issuer-url.ts'
import type { ShownConnection } from '../../http/page-data.ts'
import { scopeSentence } from '../../http/scope-sentence.ts'
import { clientName, shownClient } from '../../http/shown-client.ts'
import { shownResources } from '../../http/shown-resources.ts'
import type { Language } from '../../locale/language.ts'
import { OAuthError } from '../../oauth/errors.ts'
import { type Params, requireParam } from '../../oauth/params.ts'
import { OFFLINE_ACCESS } from '../../oauth/scope.ts'
import {
  type AccountDeps,
  type AccountVisit,
  accountPath,
  requireVisitToken,
  sendToAccount,
  visitToken,
} from './context.ts'

/** The query parameter that tells the page which client was just disconnected. */
const DISCONNECTED = 'disconnected'

/** Shows the clients that may act for the person. */
export async function showConnected(
  visit: AccountVisit,
  { user }: NonNullable<AccountVisit['person']>,
  req: Request,
  res: Response,
  deps: AccountDeps,
): Promise<void> {
  const now = deps.clock.now()
  const language = deps.views.language(res)
  const connected = await listConnected(user.subject, deps, now)
  const gone = readQuery(req)[DISCONNECTED]
  const client = gone === undefined ? undefined : deps.clients.find(gone)
  const isGone = client !== undefined && !connected.some(({ clientId }) => clientId === gone)
  deps.views.send(res, 'account', {
    action: accountPath(deps),
    csrf: visitToken(visit, deps.csrf),
    account: { name: user.name, username: user.username },
    signOut: `${basePathOf(deps.config.issuer)}/oauth/logout`,
    clients: connected.map((one) => asShown(one, language, deps)),
    ...(isGone ? { disconnected: clientName(client, language) } : {}),
    now,
  })
}

/** Ends everything that a client may do for the person. */
export async function submitDisconnect(
  visit: AccountVisit,
  params: Params,
  res: Response,
  deps: AccountDeps,
): Promise<void> {
  // The session ended since the page was shown: the page asks to sign in.
  if (visit.person === undefined) return sendToAccount(res, deps)
  requireVisitToken(params.csrf, visit, deps.csrf)
  const clientId = requireParam(params, 'client_id')
  if (clientId.length > LONGEST_CLIENT_ID) {
    throw new OAuthError('invalid_request', 'client_id is longer than any there is', { cause: 'long-client-id' })
  }
  await disconnect(visit.person.user.subject, clientId, deps)
  sendToAccount(res, deps, `?${DISCONNECTED}=${encodeURIComponent(clientId)}`)
}

const LONGEST_CLIENT_ID = 200

function asShown(
  { clientId, client, scopes, resources, since, lastUsed }: ConnectedClient,
  language: Language,
  { scopes: sentences, logos, config }: AccountDeps,
): ShownConnection {
  return {
    clientId,
    client: client && shownClient({ client }, language, { logos, issuer: config.issuer }),
    scopes: scopes.filter((name) => name !== OFFLINE_ACCESS).map((name) => scopeSentence(name, sentences(), language)),
    resources: shownResources(resources, config.resources),
    since,
    lastUsed,
  }
}
