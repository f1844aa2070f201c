/** What went wrong with a connection, in words for the person at the browser. The details go to the partner's log. */
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'

export interface Problem {
  readonly status: number
  readonly error: string
  readonly text: string
}

export function problemOf(error: unknown): Problem {
  if (error instanceof AuthorizationResponseError) {
    const text = error.error === 'access_denied' ? 'You said no, so nothing was connected.' : 'The request was refused.'
    return { status: 400, error: error.error, text }
  }
  if (error instanceof ResponseBodyError) {
    return { status: 502, error: error.error, text: 'The authorization server refused. Please connect again.' }
  }
  if (error instanceof ClientError) {
    return { status: 502, error: 'unusable_answer', text: 'The answer did not pass our checks. Please connect again.' }
  }
  return { status: 502, error: 'unreachable', text: 'Something could not be reached. Please try again in a moment.' }
}
