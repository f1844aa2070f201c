import type { Logger } from './logger.ts'

/** The kinds of values that members of an event have. */
interface Kinds {
  text: string
  number: number
  flag: boolean
  list: readonly string[]
}

/** What the members of events mean. The names are those of the log lines. Ids only, nothing that could be replayed. */
export const eventMembers = {
  client_id: { kind: 'text', doc: 'The client.' },
  authorization_id: { kind: 'text', doc: 'The authorization; the same from its code to its last refresh.' },
  subject: { kind: 'text', doc: 'The user (sub), or the client itself where it acts for nobody.' },
  scope: { kind: 'list', doc: 'The scopes concerned.' },
  resource: { kind: 'text', doc: 'The API the token is for (aud).' },
  jti: { kind: 'text', doc: 'The name of the access token or client assertion.' },
  generation: { kind: 'number', doc: 'The generation of the refresh token, counted from 1.' },
  converged: { kind: 'flag', doc: 'Whether the parent came again within the grace and got the same successor.' },
  revoked: { kind: 'flag', doc: 'Whether everything issued from it has ended.' },
  ended: { kind: 'number', doc: 'How many authorizations ended with it.' },
  cause: { kind: 'text', doc: 'The exact cause, a short stable word.' },
  error: { kind: 'text', doc: 'The error code that was sent.' },
  error_id: { kind: 'text', doc: 'The id that was sent along; it stands on error pages and in a header.' },
  status: { kind: 'number', doc: 'The HTTP status.' },
  network: { kind: 'text', doc: 'The address of the caller, or its /64 for IPv6.' },
  over: {
    kind: 'text',
    doc:
      '`name`: one client or username from that network; `network`: any from it; `account`: all browsers together that ' +
      'were never signed in to the account; `device`: one browser that was.',
  },
  failures: { kind: 'number', doc: 'How often it failed of late.' },
  wait: { kind: 'number', doc: 'The wait that began, in seconds.' },
  limit: { kind: 'text', doc: 'The name of the limit, as in RATE_LIMITS.' },
} as const satisfies Record<string, { kind: keyof Kinds; doc: string }>

type MemberName = keyof typeof eventMembers

/** One event a security decision: what it means, what it carries, and whether it may be an attack. */
interface EventRow {
  doc: string
  members: readonly MemberName[]
  /** Logged as a warning, so that it is seen at quieter log levels too. */
  alarming?: true
}

/** Every audit event. The types, the log lines and docs/audit-events.md are made from this table. */
export const auditEvents = {
  'request.pushed': {
    doc: 'A client pushed an authorization request. Its id is that of the authorization it may end in.',
    members: ['client_id', 'authorization_id', 'scope'],
  },
  'code.issued': {
    doc: 'A code went to the client: the user said yes, or had said so before.',
    members: ['client_id', 'authorization_id', 'subject', 'scope'],
  },
  'code.redeemed': {
    doc: 'A code was redeemed with the right verifier.',
    members: ['client_id', 'authorization_id', 'subject'],
  },
  'code.replayed': {
    doc: 'A code came a second time and was refused.',
    members: ['client_id', 'authorization_id', 'revoked'],
    alarming: true,
  },
  'code.burnt': {
    doc: 'The verifier was wrong, which may be a code injection: the code is worth nothing from now on.',
    members: ['client_id', 'authorization_id', 'cause'],
    alarming: true,
  },
  'refresh_token.rotated': {
    doc: 'A refresh token gave its successor.',
    members: ['client_id', 'authorization_id', 'subject', 'generation', 'converged'],
  },
  'refresh_token.reused': {
    doc: 'An old refresh token came: someone else may hold it, so the authorization ended.',
    members: ['client_id', 'authorization_id', 'generation'],
    alarming: true,
  },
  'dpop.wrong_key': {
    doc: 'A code or a refresh token came without the key it is bound to: someone else may hold it. It stays as it was.',
    members: ['client_id', 'authorization_id', 'cause'],
    alarming: true,
  },
  'authorization.ended': {
    doc: 'An authorization ended: its client gave it back, its user signed out or disconnected the client, or is no longer there.',
    members: ['client_id', 'authorization_id', 'cause'],
  },
  'access_token.issued': {
    doc: 'An access token was made.',
    members: ['client_id', 'subject', 'jti', 'resource', 'scope'],
  },
  'access_token.revoked': { doc: 'A client gave one access token back.', members: ['client_id', 'jti'] },
  'sign_in.succeeded': {
    doc: 'A user proved who they are. `client_id` stands beside these where they came from a client.',
    members: ['subject'],
  },
  'sign_in.failed': {
    doc: 'A sign-in failed. `client_id` stands beside these where the person came from a client.',
    members: ['cause', 'network'],
  },
  'sign_in.guessing': {
    doc:
      'A password failed too often, and whoever goes on has to wait. `subject` stands beside these where the last name ' +
      'tried is that of an account, and `client_id` where the person came from a client.',
    members: ['network', 'over', 'failures', 'wait'],
    alarming: true,
  },
  'session.ended': {
    doc: 'A user signed out. `client_id` stands beside these where a client asked for it.',
    members: ['subject', 'ended'],
  },
  'client.disconnected': {
    doc: 'A user disconnected a client: it may do nothing for them any more, and its consents are forgotten.',
    members: ['client_id', 'subject', 'ended'],
  },
  'consent.given': { doc: 'A user allowed a client something.', members: ['client_id', 'subject', 'scope'] },
  'consent.denied': { doc: 'A user refused a client, or cancelled.', members: ['client_id'] },
  'client.guessing': {
    doc: 'A client failed too often to prove who it is, and has to wait. The client is whom the last failure claimed to be.',
    members: ['client_id', 'network', 'over', 'failures', 'wait'],
    alarming: true,
  },
  'rate.limited': {
    doc:
      'An address or a client has sent more requests than a limit allows. Once a window in each process. `client_id` stands ' +
      'beside these where the limit is by client.',
    members: ['network', 'limit'],
    alarming: true,
  },
  'client.assertion_replayed': {
    doc: 'A client assertion came a second time: someone else may have seen it.',
    members: ['client_id', 'jti'],
    alarming: true,
  },
  'request.refused': {
    doc: 'A request was refused. More members may stand beside these: what the cause is about.',
    members: ['error_id', 'error', 'status', 'cause'],
  },
} as const satisfies Record<string, EventRow>

export type EventName = keyof typeof auditEvents

/** One event with the members its row names. */
export type AuditEvent = {
  [Name in EventName]: { event: Name } & {
    [Member in (typeof auditEvents)[Name]['members'][number]]: Kinds[(typeof eventMembers)[Member]['kind']]
  }
}[EventName]

/**
 * Records an event.
 *
 * @param about what else an operator should know of it; never a secret
 */
export type Audit = (event: AuditEvent, about?: Readonly<Record<string, unknown>>) => void

/**
 * Audit events as log lines with the member `audit`.
 *
 * @param count is told of each event, for the metrics
 */
export function createAudit(logger: Logger, count: (event: EventName) => void): Audit {
  return ({ event, ...members }, about = {}) => {
    const row: EventRow = auditEvents[event]
    count(event)
    logger[row.alarming ? 'warn' : 'info']({ audit: event, ...members, ...about }, row.doc)
  }
}
