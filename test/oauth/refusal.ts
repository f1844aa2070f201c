import { OAuthError } from '../../src/oauth/errors.ts'

/** The OAuthError that the call throws; fails where it throws none or another error. */
export function refusal(call: () => unknown): OAuthError {
  try {
    call()
  } catch (error) {
    if (error instanceof OAuthError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
