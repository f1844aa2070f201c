/**
 * As much of a browser's cookie jar as the walk needs. Cookies belong to a host name and ignore the port, so servers on
 * one machine see each other's. A Secure cookie over http is dropped, as the strictest browser would.
 */

export interface CookieJar {
  /** The Cookie header for this address, or nothing. */
  header(url: URL): string | undefined
  /** Keeps what an answer sets and returns the names. */
  keep(url: URL, answer: Headers): string[]
}

export function createCookieJar(): CookieJar {
  const hosts = new Map<string, Map<string, string>>()

  return {
    header(url) {
      const pairs = [...(hosts.get(url.hostname) ?? [])].map(([name, value]) => `${name}=${value}`)
      return pairs.length > 0 ? pairs.join('; ') : undefined
    },
    keep(url, answer) {
      const cookies = hosts.get(url.hostname) ?? new Map<string, string>()
      hosts.set(url.hostname, cookies)
      const names: string[] = []
      for (const line of answer.getSetCookie()) {
        const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
        const split = pair.indexOf('=')
        const name = pair.slice(0, split)
        if (split < 1 || (url.protocol === 'http:' && attributes.some((each) => /^secure$/i.test(each)))) continue
        if (attributes.some(isOver)) cookies.delete(name)
        else {
          cookies.set(name, pair.slice(split + 1))
          names.push(name)
        }
      }
      return names
    },
  }
}

/** Cookies are taken back with an age of nothing or a date of 1970. */
function isOver(attribute: string): boolean {
  const [name = '', value = ''] = attribute.split('=')
  if (/^max-age$/i.test(name)) return Number(value) <= 0
  return /^expires$/i.test(name) && Date.parse(value) <= 0
}
