import { sha256 } from '../../lib/digest.ts'
import type { AuthorizationRequest, ClaimsRequest } from '../../oauth/authorization-request.ts'
import type { Consent, Session, SessionId } from '../sessions.ts'
import type { Authorization, Interaction, NewAuthorization, PushedRequest, SettledAccount } from '../store.ts'

/** How records stand in Redis hashes: flat lists of field and value, as HSET takes them and scripts return them. */
export type Fields = Array<string | number>

/** A record as a script returns it, from the given position on. */
export function readFields(flat: readonly string[], from: number): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (let index = from; index + 1 < flat.length; index += 2)
    fields.set(flat[index] as string, flat[index + 1] as string)
  return fields
}

export function writeCode(authorization: NewAuthorization): Fields {
  return [
    'client_id',
    authorization.clientId,
    'sub',
    authorization.subject,
    'scope',
    authorization.scope.join(' '),
    'resources',
    authorization.resources.join(' '),
    // Only ever compared. As a digest it has 43 characters however long it is, which keeps the hash in its compact form.
    'redirect',
    sha256(authorization.redirectUri),
    'pkce',
    authorization.codeChallenge,
    'auth_time',
    authorization.authenticatedAt,
    'session_id',
    authorization.sessionId,
    'created_at',
    authorization.createdAt,
    'expires_at',
    authorization.codeExpiresAt,
    'generation',
    0,
    ...optional('nonce', authorization.nonce),
    ...optional('claims', authorization.claims && JSON.stringify(authorization.claims)),
    ...optional('dpop_jkt', authorization.dpopJkt),
  ] // prettier-ignore
}

/** The record of an active authorization. */
export function readAuthorization(id: string, fields: ReadonlyMap<string, string>): Authorization {
  return {
    id,
    clientId: text(fields, 'client_id'),
    subject: text(fields, 'sub'),
    scope: readList(text(fields, 'scope')),
    resources: readList(text(fields, 'resources')),
    authenticatedAt: number(fields, 'auth_time'),
    sessionId: text(fields, 'session_id'),
    createdAt: number(fields, 'created_at'),
    usedAt: readMovedAt(text(fields, 'moved')),
    expiresAt: number(fields, 'expires_at'),
    generation: number(fields, 'generation'),
    ...given('nonce', fields.get('nonce')),
    ...given('claims', readClaims(fields.get('claims'))),
    ...given('dpopJkt', fields.get('dpop_jkt')),
  }
}

/** A field that is left out where it has no value: most authorizations have none of these. */
function optional(name: string, value: string | undefined): Fields {
  return value === undefined ? [] : [name, value]
}

function given<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: V }
}

function readClaims(text: string | undefined): ClaimsRequest | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as ClaimsRequest)
}

export function writeInteraction(interaction: Interaction): Fields {
  return [
    'request',
    JSON.stringify(interaction.request),
    'browser',
    interaction.browserHash,
    'created_at',
    interaction.createdAt,
    'expires_at',
    interaction.expiresAt,
  ] // prettier-ignore
}

/** The fields that it shares with the interaction it becomes are spelled alike; its client is one to be compared. */
export function writePushed(pushed: PushedRequest): Fields {
  return [
    'request',
    JSON.stringify(pushed.request),
    'client_id',
    pushed.request.clientId,
    'created_at',
    pushed.createdAt,
    'expires_at',
    pushed.expiresAt,
  ] // prettier-ignore
}

export function readInteraction(id: string, fields: ReadonlyMap<string, string>): Interaction {
  const outcome = fields.get('outcome')
  return {
    id,
    request: JSON.parse(text(fields, 'request')) as AuthorizationRequest,
    browserHash: text(fields, 'browser'),
    createdAt: number(fields, 'created_at'),
    expiresAt: number(fields, 'expires_at'),
    ...(outcome === undefined ? {} : { outcome: outcome as 'issued' | 'denied' }),
    ...given('account', readAccount(fields.get('account'))),
  }
}

/** Three words, how and which session, or one. */
export function writeAccount(account: SettledAccount): string {
  return typeof account === 'string' ? account : [account.by, account.session.userKey, account.session.secret].join(' ')
}

function readAccount(text: string | undefined): SettledAccount | undefined {
  if (text === undefined || text === 'another' || text === 'unsure') return text
  const [by, userKey, secret] = text.split(' ') as ['sign-in' | 'choice', string, string]
  return { session: { userKey, secret }, by }
}

export function writeSession(session: Session, idleTtl: number, idleUntil: number): Fields {
  return [
    'sub',
    session.subject,
    'auth_time',
    session.authenticatedAt,
    'lineage',
    session.lineage,
    'began_at',
    session.beganAt,
    'kept',
    session.kept ? 1 : 0,
    'ends_at',
    session.endsAt,
    'idle_ttl',
    idleTtl,
    'idle_until',
    idleUntil,
  ] // prettier-ignore
}

export function readSession(id: SessionId, fields: ReadonlyMap<string, string>): Session {
  return {
    id,
    subject: text(fields, 'sub'),
    authenticatedAt: number(fields, 'auth_time'),
    lineage: text(fields, 'lineage'),
    beganAt: number(fields, 'began_at'),
    kept: text(fields, 'kept') === '1',
    endsAt: number(fields, 'ends_at'),
  }
}

/**
 * The consent, or undefined where there is none or it is over. It has a line for when it ends, and one for every resource: its
 * URI, then its scopes; scripts/remember.ts writes it.
 */
export function readConsent(value: string, now: number): Consent | undefined {
  const [expiresAt = '', ...lines] = value.split('\n')
  if (now >= Number(expiresAt)) return undefined
  const grants = lines.map((line) => {
    const [resource = '', ...scope] = line.split(' ')
    return { resource, scope }
  })
  return { grants, expiresAt: Number(expiresAt) }
}

/** When an authorization moved last: the first word of the field, which scripts/moved.ts writes. */
function readMovedAt(moved: string): number {
  return Number(moved.split(' ', 1)[0])
}

/** A list whose members hold no spaces. */
export function readList(text: string): string[] {
  return text === '' ? [] : text.split(' ')
}

function text(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name)
  if (value === undefined) throw new Error(`a stored record lacks the field ${name}`)
  return value
}

function number(fields: ReadonlyMap<string, string>, name: string): number {
  return Number(text(fields, name))
}
