import type { Request, Response } from 'express'
import { askedOf, isOptional, narrowed, parted } from '../../authorization/consent.ts'
import type { Person } from '../../authorization/person.ts'
import { scopeSentence } from '../../http/scope-sentence.ts'
import { destinationOf } from '../../http/shown-client.ts'
import { shownResources } from '../../http/shown-resources.ts'
import type { AuthorizationRequest } from '../../oauth/authorization-request.ts'
import { isImpersonable, mayUse } from '../../oauth/client.ts'
import { OAuthError } from '../../oauth/errors.ts'
import type { Params } from '../../oauth/params.ts'
import type { Resources } from '../../oauth/resource.ts'
import { OFFLINE_ACCESS } from '../../oauth/scope.ts'
import { accountOf, askWhose, type InteractionDeps, pageOf, sendBack, stepOf, type Visit } from './context.ts'
import { finish } from './finish.ts'

/** The field of the form that says whether a scope is among those allowed. */
const fieldOf = (scopeName: string) => `scope:${scopeName}`

/** Shows the consent page, again where nothing was chosen on it. */
export function showConsent(
  visit: Visit,
  person: Person,
  res: Response,
  deps: InteractionDeps,
  nothingChosen = false,
): void {
  const { interaction, target } = visit
  const { client, redirectUri } = target
  const { resources } = deps.config
  const page = pageOf(visit, res, deps)
  const language = deps.views.language(res)
  const { fresh, known } = partedFor(visit, person)
  // How long the access lasts is said once for all of it, so offline_access has no line of its own.
  const shown = (names: readonly string[]) => names.filter((name) => name !== OFFLINE_ACCESS)
  const fieldFor = (name: string) => (isChoosable(visit, name) ? { field: fieldOf(name) } : {})
  const sentence = (name: string) => scopeSentence(name, deps.scopes(), language)
  const keepsAccess = mayUse(client, 'refresh_token')
  deps.views.send(
    res,
    'consent',
    {
      ...page,
      client: { ...page.client, uri: client.client_uri, policyUri: client.policy_uri, tosUri: client.tos_uri },
      account: accountOf(visit, person, deps.csrf),
      scopes: shown(fresh).map((name) => ({
        name,
        sentence: sentence(name),
        ...fieldFor(name),
      })),
      known: shown(known).map((name) => ({ sentence: sentence(name), ...fieldFor(name) })),
      resources: shownResources(interaction.request.resources, resources),
      destination: destinationOf(redirectUri),
      keepsAccess,
      lasts: keepsAccess ? deps.config.lifetimes.refreshTokenMax : longestOf(interaction.request.resources, resources),
      impersonable: isImpersonable(client, redirectUri),
      nothingChosen,
    },
    nothingChosen ? 400 : 200,
  )
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
  const { person, interaction } = visit
  // Signed out since the page was shown: it says what comes next.
  if (person === undefined) return sendBack(visit, res, deps)
  if (params.account !== accountOf(visit, person, deps.csrf).token) return askWhose(visit, res, deps)
  if (interaction.outcome !== undefined) return finish(visit, { person, request: interaction.request }, req, res, deps)
  if (!isConsentDue(visit, deps)) return sendBack(visit, res, deps)
  const asked = askedOf(interaction.request).scope
  // What the page has no tick for is left out, whatever was allowed elsewhere since it was shown.
  const leftOut = asked.filter((name) => isChoosable(visit, name) && params[fieldOf(name)] !== 'yes')
  const request = narrowed(interaction.request, leftOut)
  if (leftOut.length > 0 && !askedOf(request).scope.some((name) => name !== OFFLINE_ACCESS)) {
    return showConsent(visit, person, res, deps, true)
  }
  await rememberConsent(visit, { person, request, leftOut }, deps)
  await finish(visit, { person, request }, req, res, deps)
}

/** What is new to the person and what they allowed before; where anyone can pose as the client, nothing counts as allowed. */
function partedFor({ interaction, target }: Visit, { consent }: Person) {
  return parted(interaction.request, isImpersonable(target.client, target.redirectUri) ? undefined : consent)
}

/** Whether there is nothing to be asked before the consent any more. */
function isConsentDue(visit: Visit, deps: InteractionDeps): boolean {
  const step = stepOf(visit, deps)
  return step === 'consent' || step === 'continue' || step === 'issue'
}

function isChoosable({ target }: Visit, scopeName: string): boolean {
  return target.client.consent === 'granular' && isOptional(scopeName)
}

async function rememberConsent(
  { target }: Visit,
  { person, request, leftOut }: { person: Person; request: AuthorizationRequest; leftOut: readonly string[] },
  deps: InteractionDeps,
): Promise<void> {
  const { clientId, scope } = request
  deps.audit({ event: 'consent.given', subject: person.user.subject, client_id: clientId, scope })
  const lifetime = deps.config.lifetimes.consent
  if (lifetime === 0 || isImpersonable(target.client, target.redirectUri)) return
  const now = deps.clock.now()
  await deps.store.consents.remember(
    person.session.id.userKey,
    { clientId, redirectUri: target.registeredUri },
    { ...askedOf(request), leftOut, expiresAt: now + lifetime },
    now,
  )
}

/** How long the longest-lived access token of the APIs is good for, in milliseconds. */
function longestOf(uris: readonly string[], { byUri }: Resources): number {
  return Math.max(...uris.map((uri) => byUri.get(uri)?.accessTokenLifetime ?? 0))
}
