import { parseUrl } from '../lib/parse-url.ts'

/**
 * The characters of RFC 3986 and no others: WHATWG's parser also takes backslashes, blanks and missing slashes, which a
 * client's own library would read as something else. No user name: our addresses have none.
 */
const HTTP_URI =
  /^(https?:\/\/(?:[\w.~:[\]!$&'()*+,;=-]|%[\da-f]{2})+)((?:\/(?:[\w.~:@!$&'()*+,;=/-]|%[\da-f]{2})*)?)(?:[?#]|$)/i

const UNRESERVED = /[\w.~-]/

/**
 * An http(s) URI without query and fragment, normalised by syntax and scheme (RFC 3986 §6.2.2 and §6.2.3): one spelling
 * for each case of letters, needless percent-encoding, dot segments, default port and empty path. Undefined for anything
 * else.
 */
export function normalizeHttpUri(text: string): string | undefined {
  const match = HTTP_URI.exec(text)
  if (match === null) return undefined
  const [, origin = '', path = ''] = match
  const uri = origin + path.replaceAll(/%[\da-f]{2}/gi, normalizeEncoded)
  return parseUrl(uri)?.href
}

/** RFC 3986 §6.2.2.1 and §6.2.2.2: decoded where it stands for an unreserved character, else in capitals. */
function normalizeEncoded(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
  return UNRESERVED.test(character) ? character : encoded.toUpperCase()
}
