import type { Request, Response } from 'express'
import type { Sentence } from '../locale/language.ts'
import type { Params } from '../oauth/params.ts'
import type { Sessions } from '../session/sessions.ts'
import type { Session, SessionId } from '../store/sessions.ts'
import type { Cookies } from './cookies.ts'
import type { SignIn, SignInRefusal } from './sign-in.ts'
import type { Views } from './views.ts'

/** What the form shows of an attempt before. */
export interface AttemptedSignIn {
  username: string
  kept: boolean
  problem: Sentence
}

export type SignInFormResult =
  /** The browser has the cookie of the new session. */
  | { status: 'signed-in'; session: Session }
  /** The answer has its status and headers; its page is for the caller to send. */
  | { status: 'refused'; attempted: AttemptedSignIn }

/** What is shown again of a username: nobody's is longer. */
const LONGEST_SHOWN = 200

/**
 * Takes the form of the sign-in page: signs the person in, begins their session, and hands it to the browser.
 *
 * @param about.clientId the client they sign in for, if any
 * @param about.begun tells the session that the same form began, should it have been sent before
 */
export async function takeSignInForm(
  params: Params,
  { clientId, begun }: { clientId?: string; begun?: () => Promise<SessionId | undefined> },
  req: Request,
  res: Response,
  deps: { signIn: SignIn; sessions: Sessions; cookies: Cookies; views: Views },
): Promise<SignInFormResult> {
  const { username = '', password = '' } = params
  const kept = params.keep === 'yes'
  const about = clientId === undefined ? {} : { clientId }
  const result = await deps.signIn(req, res, { username, password, ...about })
  if (result.status !== 'signed-in') {
    const problem = beginRefusal(res, result, deps.views)
    return { status: 'refused', attempted: { username: username.slice(0, LONGEST_SHOWN), kept, problem } }
  }
  // A new session for every sign-in but a second click, and the old one ends: an id that someone planted or saw before is
  // worth nothing.
  const replaced = deps.cookies.session(req)
  const { handle, session } = await deps.sessions.start(result.user.subject, { replaced, kept, begun: await begun?.() })
  deps.cookies.setSession(res, handle, session)
  return { status: 'signed-in', session }
}

/** Begins the answer to a sign-in that failed: status, and the time to wait. Gives what the page says of it. */
function beginRefusal(res: Response, refusal: SignInRefusal, views: Views): Sentence {
  if (refusal.status === 'wrong') {
    res.status(401)
    return { key: 'sign-in.wrong' }
  }
  const { seconds } = refusal
  res.status(429).set('Retry-After', `${seconds}`)
  return { key: 'sign-in.wait', values: { wait: views.language(res).duration(seconds * 1000) } }
}
