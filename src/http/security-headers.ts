import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet, { type HelmetOptions } from 'helmet'

/** Headers by their names, as they are set on every answer. */
export type PreparedHeaders = ReadonlyMap<string, string>

/**
 * Headers of pages.
 *
 * No `form-action`: Chromium holds it against the whole redirect chain after a form, the client's own onward redirects
 * included, and would break sign-ins. No cross-origin opener policy: clients open the sign-in page in a popup and
 * wait for it to come back. Referrer only to ourselves: with none at all, browsers send `Origin: null` with our own forms.
 */
export function pageHeaders(secure: boolean): PreparedHeaders {
  return prepared({
    ...commonOptions(secure),
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
  })
}

/**
 * The policy of the one page with a script, our own, which posts a form back to a client. Chromium would hold a
 * `form-action` against the client's onward redirects here as everywhere.
 */
export const formPostPolicy =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self';frame-ancestors 'none';base-uri 'none'"

/** The policy of a picture that is somebody else's: opened by itself it is in no origin and loads nothing. */
export const picturePolicy = "default-src 'none'; sandbox"

/** Headers of answers to programs. */
export function apiHeaders(secure: boolean): PreparedHeaders {
  return prepared({
    ...commonOptions(secure),
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
  })
}

/** What helmet sets on an answer. It says the same of every one, so it is asked once and not at every request. */
function prepared(options: HelmetOptions): PreparedHeaders {
  const headers = new Map<string, string>()
  const recorder = { setHeader: (name: string, value: string) => headers.set(name, value), removeHeader() {} }
  helmet(options)({} as IncomingMessage, recorder as unknown as ServerResponse, () => {})
  return headers
}

const TWO_YEARS = 63_072_000

function commonOptions(secure: boolean) {
  return {
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: false,
    crossOriginEmbedderPolicy: false,
    originAgentCluster: false,
    // RFC 6797 §7.2: the header must not be sent over plain http.
    strictTransportSecurity: secure ? { maxAge: TWO_YEARS, includeSubDomains: false } : false,
  } as const
}
