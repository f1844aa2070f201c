import type { Logger } from './logger.ts'

/** Who and what an audit event is about; ids only, nothing that could be replayed. */
interface About {
  clientId: string
  authorizationId: string
}

/** One typed event per security decision. `cause` is a short stable word. */
export type AuditEvent =
  | ({ event: 'code.issued'; subject: string; scope: readonly string[] } & About)
  | ({ event: 'code.redeemed'; subject: string } & About)
  /** A code came a second time; `revoked` tells whether everything issued from it ended. */
  | ({ event: 'code.replayed'; revoked: boolean } & About)
  /** The verifier was wrong, which may be a code injection: the code is burnt. */
  | ({ event: 'code.burnt'; cause: string } & About)
  /** `converged`: the direct parent came again within the grace. */
  | ({ event: 'refresh_token.rotated'; subject: string; generation: number; converged: boolean } & About)
  /** An old refresh token came: someone else may hold it, so the authorization ended. */
  | ({ event: 'refresh_token.reused'; generation: number } & About)
  /** An authorization ended because its user or client is no longer there. */
  | ({ event: 'authorization.ended'; cause: string } & About)
  | { event: 'sign_in.succeeded'; subject: string; clientId: string }
  | { event: 'sign_in.failed'; clientId: string; cause: string }
  | { event: 'consent.given'; subject: string; clientId: string; scope: readonly string[] }
  | { event: 'consent.denied'; clientId: string }

/** Records an event. */
export type Audit = (event: AuditEvent) => void

/** What may be an attack is logged as a warning, so that it is seen at quieter log levels too. */
const ALARMING: ReadonlySet<AuditEvent['event']> = new Set(['code.replayed', 'code.burnt', 'refresh_token.reused'])

/** Audit events as log lines with the member `audit`. */
export function createAudit(logger: Logger): Audit {
  return ({ event, ...facts }) => logger[ALARMING.has(event) ? 'warn' : 'info']({ audit: event, ...facts }, event)
}
