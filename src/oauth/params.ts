import { readPercentEncoded } from '../lib/encoding.ts'
import { OAuthError } from './errors.ts'

/**
 * Request parameters under their wire names. Each came once and is not empty: an empty parameter counts as absent
 * (RFC 6749 §3.1). Only `resource` may come several times (RFC 8707 §2): its values, which are URIs and hold no spaces,
 * are parted by spaces as scopes are. The object has no prototype, so a parameter named `__proto__` is just a name.
 */
export type Params = Readonly<Record<string, string | undefined>>

const MOST_PARAMETERS = 64
const REPEATABLE = 'resource'
// Line ends and tabs pass: a verifier with a newline is a mistake that deserves its own diagnosis.
const CONTROL_CHARACTERS = /[^\P{Cc}\t\n\r]/u

/**
 * Parameters of a query string or of an application/x-www-form-urlencoded body.
 *
 * @throws OAuthError `invalid_request` where a parameter comes twice (RFC 6749 §3.1 and §3.2), the percent-encoding is
 * broken, a value holds control characters, or there are more than 64 of them.
 */
export function readParams(text: string): Params {
  const params: Record<string, string | undefined> = Object.create(null)
  const seen = new Set<string>()
  const pairs = text.split('&').filter((pair) => pair !== '')
  if (pairs.length > MOST_PARAMETERS) {
    throw new OAuthError('invalid_request', `more than ${MOST_PARAMETERS} parameters`, { cause: 'too-many-parameters' })
  }

  for (const pair of pairs) {
    const { name, value } = readPair(pair)
    if (seen.has(name) && name !== REPEATABLE) {
      throw new OAuthError('invalid_request', `parameter ${quote(name)} is given more than once`, {
        cause: 'repeated-parameter',
      })
    }
    seen.add(name)
    if (value !== '') params[name] = params[name] === undefined ? value : `${params[name]} ${value}`
  }
  return Object.freeze(params)
}

/** Parameters as a query string that reads as the same ones. */
export function writeQuery(params: Params): string {
  const pairs = Object.entries(params).flatMap(([name, value]) => {
    const values = name === REPEATABLE ? (value ?? '').split(' ') : [value ?? '']
    return values.map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`)
  })
  return pairs.join('&')
}

/**
 * The named parameter.
 *
 * @throws OAuthError `invalid_request` naming it where it is missing.
 */
export function requireParam(params: Params, name: string): string {
  const value = params[name]
  if (value === undefined) throw missing([name])
  return value
}

/** The error for missing parameters; names all of them at once. */
export function missing(names: readonly string[]): OAuthError {
  const noun = names.length === 1 ? 'missing parameter' : 'missing parameters'
  return new OAuthError('invalid_request', `${noun}: ${names.join(', ')}`, { cause: 'missing-parameter' })
}

function readPair(pair: string): { name: string; value: string } {
  const equals = pair.indexOf('=')
  const name = readPercentEncoded(equals === -1 ? pair : pair.slice(0, equals))
  const value = readPercentEncoded(equals === -1 ? '' : pair.slice(equals + 1))
  if (name === undefined || value === undefined) {
    throw new OAuthError('invalid_request', `malformed percent-encoding in ${quote(name ?? 'a parameter name')}`, {
      cause: 'malformed-encoding',
    })
  }
  if (CONTROL_CHARACTERS.test(name) || CONTROL_CHARACTERS.test(value)) {
    throw new OAuthError('invalid_request', `control characters in ${quote(name)}`, { cause: 'control-characters' })
  }
  return { name, value }
}

/** A name short and tame enough for an error_description (RFC 6749 §5.2: printable ASCII without `"` and `\`). */
function quote(name: string): string {
  return name.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?').slice(0, 64)
}
