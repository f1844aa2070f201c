import { isBase64Url } from '../lib/encoding.ts'
import { readJsonObject } from '../lib/json-object.ts'
import type { Params } from '../oauth/params.ts'

/** A JWT that a client proves itself with (RFC 7523 §3), taken apart and not yet believed in anything. */
export interface Assertion {
  /** The whole, as it came. */
  jws: string
  alg: string
  kid: string | undefined
  /** Who it says it is from: only good for finding the keys that decide it. */
  claimedClientId: string
}

/** Why a text is no assertion that we would look at, as a stable word for the log. */
export interface Malformed {
  cause: string
}

const LARGEST = 8192
const LONGEST_KID = 256
const LONGEST_CLIENT_ID = 200

/** RFC 7523 §2.2 leaves typ open; the second name is the explicit one that newer clients send. */
const TYPES = ['jwt', 'client-authentication+jwt']

/**
 * Header members that bring their own key or its address, or demand extensions: a key comes from the client's registration
 * and from nowhere else (CVE-2018-0114), and we know no extension (RFC 7515 §4.1.11).
 */
const REFUSED_HEADERS = ['jwk', 'jku', 'x5u', 'x5c', 'crit']

/** Whether the request tries to prove its client by an assertion (RFC 7521 §4.2). */
export function hasAssertion(params: Params): boolean {
  return params.client_assertion !== undefined || params.client_assertion_type !== undefined
}

/** Takes a JWS in compact form (RFC 7515 §3.1) apart: strictly, and without any work on what is too large. */
export function readAssertion(jws: string): Assertion | Malformed {
  if (jws.length > LARGEST) return { cause: 'assertion-too-large' }
  const parts = jws.split('.')
  const [header, claims] =
    parts.length === 3 && parts.every(isBase64Url)
      ? parts.slice(0, 2).map((part) => readJsonObject(Buffer.from(part, 'base64url')))
      : []
  if (header === undefined || claims === undefined) return { cause: 'malformed-assertion' }

  const refused = REFUSED_HEADERS.find((name) => Object.hasOwn(header, name))
  if (refused !== undefined) return { cause: `assertion-with-${refused}` }
  const { alg, kid, typ } = header
  if (typeof alg !== 'string') return { cause: 'assertion-without-alg' }
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > LONGEST_KID)) return { cause: 'malformed-kid' }
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.includes(typ.toLowerCase())))
    return { cause: 'wrong-typ' }
  const { sub } = claims
  if (typeof sub !== 'string' || sub === '' || sub.length > LONGEST_CLIENT_ID) return { cause: 'wrong-sub' }
  return { jws, alg, kid, claimedClientId: sub }
}
