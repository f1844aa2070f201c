import { parseCookie, stringifySetCookie } from 'cookie'
import type { Request, Response } from 'express'
import { toSeconds } from '../lib/clock.ts'
import type { Session } from '../store/sessions.ts'

/** The cookies of a browser. */
export interface Cookies {
  /** The handle of the session, while someone is signed in. */
  session(req: Request): string | undefined
  /** A session that is kept outlives the browser's own; any other goes when the browser is closed. */
  setSession(res: Response, handle: string, session: Pick<Session, 'kept' | 'authenticatedAt' | 'endsAt'>): void
  /** Makes the browser forget the session. */
  clearSession(res: Response): void
  /** The secret that ties interactions to the browser that began them. */
  browser(req: Request): string | undefined
  setBrowser(res: Response, secret: string): void
  /** Which accounts the browser was signed in to before, as `http/devices.ts` writes it. */
  device(req: Request): string | undefined
  setDevice(res: Response, value: string): void
}

const SECRET = /^[A-Za-z0-9_-]{43}$/
const YEAR_SECONDS = 365 * 24 * 3600

/** @param secure whether the issuer is https, so that the cookies can be, too */
export function createCookies(secure: boolean): Cookies {
  // __Host- keeps neighbours on the same domain from planting a cookie (RFC 6265bis §4.1.3.2); browsers want Secure with it.
  const prefix = secure ? '__Host-' : ''
  const names = {
    session: `${prefix}latchkey_session`,
    browser: `${prefix}latchkey_browser`,
    device: `${prefix}latchkey_device`,
  }
  // Lax and not Strict: a person comes to the sign-in page by a link on the client's site.
  const attributes = { path: '/', httpOnly: true, secure, sameSite: 'lax' } as const

  const read = (req: Request, name: string) => parseCookie(req.headers.cookie ?? '', { decode: (text) => text })[name]
  const set = (res: Response, name: string, value: string, lifetime: { maxAge?: number } = {}) => {
    res.append('Set-Cookie', stringifySetCookie(name, value, { ...attributes, ...lifetime }))
  }

  return {
    session: (req) => read(req, names.session),
    setSession(res, handle, { kept, authenticatedAt, endsAt }) {
      set(res, names.session, handle, kept ? { maxAge: toSeconds(endsAt - authenticatedAt) } : {})
    },
    // With the same attributes: browsers take a __Host- cookie away only by one that may stand there itself.
    clearSession: (res) => set(res, names.session, '', { maxAge: 0 }),
    browser(req) {
      const secret = read(req, names.browser)
      return secret !== undefined && SECRET.test(secret) ? secret : undefined
    },
    setBrowser: (res, secret) => set(res, names.browser, secret),
    device: (req) => read(req, names.device),
    // It outlives the browser's session: it is for whoever comes back after a while.
    setDevice: (res, value) => set(res, names.device, value, { maxAge: YEAR_SECONDS }),
  }
}
