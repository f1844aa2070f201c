import type { Response } from 'express'
import type { Language, Sentence } from '../locale/language.ts'
import type { SignInRefusal } from './sign-in.ts'

/**
 * Begins the answer to a sign-in that failed: status, and the time to wait. The caller sends the page.
 *
 * @returns what the page says of it
 */
export function beginSignInRefusal(res: Response, refusal: SignInRefusal, language: Language): Sentence {
  if (refusal.status === 'wrong') {
    res.status(401)
    return { key: 'sign-in.wrong' }
  }
  const { seconds } = refusal
  res.status(429).set('Retry-After', `${seconds}`)
  return { key: 'sign-in.wait', values: { wait: language.duration(seconds * 1000) } }
}
