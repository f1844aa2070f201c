import type { Mac } from '../lib/mac.ts'
import { OAuthError } from '../oauth/errors.ts'

/** The page of a form, and all that must still be so when the form comes back. */
export type FormBinding = readonly [page: string, ...facts: unknown[]]

/** The CSRF token of a form: the same on every reload of its page, another wherever one of the facts differs. */
export function csrfToken(binding: FormBinding, mac: Mac): string {
  return mac.sign(JSON.stringify(binding))
}

/**
 * Throws OAuthError with status 403 unless the token was made for that form.
 *
 * @param refusal.remedy what the person can do, as the end of a sentence
 */
export function requireCsrfToken(
  token: string | undefined,
  binding: FormBinding,
  mac: Mac,
  { cause, remedy }: { cause: string; remedy: string },
): void {
  if (token !== undefined && mac.verify(JSON.stringify(binding), token)) return
  throw new OAuthError('invalid_request', `this form is out of date; ${remedy}`, { status: 403, cause })
}
