/** The registered error codes that this server sends (RFC 6749 §4.1.2.1 and §5.2, RFC 8707 §2, RFC 6750 §3.1, RFC 9126 §2.3,
 * RFC 9449 §12.2, OpenID Connect Core §3.1.2.6). */
export type ErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'access_denied'
  | 'login_required'
  | 'consent_required'
  | 'unmet_authentication_requirements'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'invalid_request_uri'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'server_error'
  | 'temporarily_unavailable'

interface Extras {
  /** HTTP status; 400 unless told. */
  status?: number
  /** A short stable word for the exact cause, for the log and the audit event; never sent. */
  cause?: string
  /** What an operator needs to know beyond the cause; never sent, never a secret. */
  detail?: Record<string, unknown>
  /** Response headers that belong to the error, such as WWW-Authenticate. */
  headers?: Record<string, string>
  /** Lines for a person at an error page, such as the value received; sent on pages only. */
  hints?: readonly Hint[]
  /** The id of the log line that has told of it and of many like it; it gets no line of its own. */
  loggedAs?: string
}

/** A labelled value on an error page. */
export interface Hint {
  label: string
  value: string
}

/**
 * A refusal. Code and description are safe to send; everything else stays in the log. Thrown anywhere, rendered once,
 * as JSON, redirect or page, by the endpoint it reaches.
 */
export class OAuthError extends Error {
  readonly code: ErrorCode
  readonly description: string
  readonly status: number
  override readonly cause: string
  readonly detail: Record<string, unknown>
  readonly headers: Record<string, string>
  readonly hints: readonly Hint[]
  readonly loggedAs: string | undefined

  constructor(code: ErrorCode, description: string, extras: Extras = {}) {
    super(`${code}: ${description}`)
    this.name = 'OAuthError'
    this.code = code
    this.description = description
    this.status = extras.status ?? 400
    this.cause = extras.cause ?? code
    this.detail = extras.detail ?? {}
    this.headers = extras.headers ?? {}
    this.hints = extras.hints ?? []
    this.loggedAs = extras.loggedAs
  }
}
