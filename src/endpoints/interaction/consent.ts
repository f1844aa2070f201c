import type { Request, Response } from 'express'
import { askedOf, extended } from '../../authorization/consent.ts'
import type { Person } from '../../authorization/person.ts'
import { interactionPath } from '../../http/interaction-path.ts'
import { destinationOf, shownClient } from '../../http/shown-client.ts'
import { isImpersonable, mayUse } from '../../oauth/client.ts'
import { OAuthError } from '../../oauth/errors.ts'
import { OPENID_SCOPES } from '../../oauth/openid-claims.ts'
import type { Params } from '../../oauth/params.ts'
import type { Resources } from '../../oauth/resource.ts'
import { OFFLINE_ACCESS } from '../../oauth/scope.ts'
import { accountToken, csrfToken, type InteractionDeps, sendBack, type Visit } from './context.ts'
import { finish } from './finish.ts'

/** Shows the consent page. */
export function showConsent(visit: Visit, person: Person, res: Response, deps: InteractionDeps): void {
  const { interaction, target } = visit
  const { client, redirectUri } = target
  const sentences = deps.scopes()
  const page = deps.views.render('consent', {
    action: interactionPath(deps.config.issuer, interaction.id),
    csrf: csrfToken(visit, deps.csrf),
    client: { ...shownClient(target), uri: client.client_uri, policyUri: client.policy_uri, tosUri: client.tos_uri },
    account: { name: person.user.name, username: person.user.username, token: accountToken(visit, person, deps.csrf) },
    // How long the access lasts is said once for all of it, so offline_access has no line of its own.
    scopes: askedOf(interaction.request)
      .scope.filter((name) => name !== OFFLINE_ACCESS)
      .map((name) => ({ name, sentence: sentences[name] ?? OPENID_SCOPES[name] ?? name })),
    resources: shownResources(interaction.request.resources, deps.config.resources),
    destination: destinationOf(redirectUri),
    keepsAccess: mayUse(client, 'refresh_token'),
    impersonable: isImpersonable(client, redirectUri),
  })
  res.set('Cache-Control', 'no-store').type('html').send(page)
}

/** Takes the person's answer: exactly `allow` or `deny`, nothing else counts as either. */
export async function submitConsent(
  visit: Visit,
  params: Params,
  req: Request,
  res: Response,
  deps: InteractionDeps,
): Promise<void> {
  if (params.answer !== 'allow' && params.answer !== 'deny') {
    throw new OAuthError('invalid_request', 'answer must be allow or deny', { cause: 'wrong-answer' })
  }
  if (params.answer === 'deny') return finish(visit, 'denied', req, res, deps)
  const { person } = visit
  // Signed out, or in as someone else, since the page was shown: the yes is nobody's, and the page says what comes next.
  if (person === undefined || params.account !== accountToken(visit, person, deps.csrf)) {
    return sendBack(visit, res, deps)
  }
  await rememberConsent(visit, person, deps)
  await finish(visit, person, req, res, deps)
}

async function rememberConsent({ interaction, target }: Visit, person: Person, deps: InteractionDeps): Promise<void> {
  const { clientId, scope } = interaction.request
  if (interaction.outcome !== undefined) return
  deps.audit({ event: 'consent.given', subject: person.user.subject, client_id: clientId, scope })
  const lifetime = deps.config.lifetimes.consent
  if (lifetime === 0 || isImpersonable(target.client, target.redirectUri)) return
  const now = deps.clock.now()
  await deps.store.consents.remember(
    person.session.id.userKey,
    { clientId, redirectUri: target.registeredUri },
    extended(person.consent, askedOf(interaction.request), now + lifetime),
    now,
  )
}

/** The APIs of the request as a person can read them; none where this server knows only one, which goes without saying. */
function shownResources(uris: readonly string[], { byUri }: Resources): string[] {
  if (byUri.size === 1) return []
  return uris.map((uri) => (/^https?:/.test(uri) ? uri.replace(/^https?:\/\//, '') : uri))
}
