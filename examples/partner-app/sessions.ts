/**
 * What the partner app remembers of one browser. The cookie is only a random name; the verifier and the tokens stay on
 * this side of it. A real app keeps the same two things in its own session store.
 */
import { parseCookie } from 'cookie'
import type { Request, Response } from 'express'
import { randomState, type TokenEndpointResponse } from 'openid-client'

export interface PartnerSession {
  /** The connection attempt that waits for its answer: these two go out as nothing but `state` and a hash. */
  pending?: { readonly state: string; readonly verifier: string }
  tokens?: TokenEndpointResponse
}

export interface PartnerSessions {
  /** The session of this browser; a new one where it has none. */
  open(request: Request, response: Response): PartnerSession
  /** The same session under a new name, so that a name known to someone before the connection is worth nothing after. */
  rename(request: Request, response: Response): void
}

// Cookies ignore ports, and on one machine the authorization server shares this host: the name must be ours alone.
const COOKIE = 'partner_app'
const MOST_SESSIONS = 1000

export function createPartnerSessions(): PartnerSessions {
  const sessions = new Map<string, PartnerSession>()

  function add(response: Response, session: PartnerSession): PartnerSession {
    const name = randomState()
    sessions.set(name, session)
    for (const oldest of sessions.keys()) {
      if (sessions.size <= MOST_SESSIONS) break
      sessions.delete(oldest)
    }
    // Lax, not Strict: the answer arrives as a navigation from another site. On https add `secure: true`.
    response.cookie(COOKIE, name, { httpOnly: true, sameSite: 'lax', path: '/' })
    return session
  }

  return {
    open(request, response) {
      return sessions.get(nameOf(request)) ?? add(response, {})
    },
    rename(request, response) {
      const session = sessions.get(nameOf(request))
      if (session === undefined) return
      sessions.delete(nameOf(request))
      add(response, session)
    },
  }
}

function nameOf(request: Request): string {
  return parseCookie(request.headers.cookie ?? '')[COOKIE] ?? ''
}
