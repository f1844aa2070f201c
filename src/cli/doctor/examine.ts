import type { Clock } from '../../lib/clock.ts'
import { readJsonObject } from '../../lib/json-object.ts'
import { clock, keepAlive, plainHttp, tls } from './checks/connection.ts'
import { endpoints, issuer, jwks, wellKnown } from './checks/documents.ts'
import { health, metrics } from './checks/health.ts'
import { authorization, strangers } from './checks/pages.ts'
import { bodies, forwardedHost, largeHeaders } from './checks/proxy.ts'
import { cors, token } from './checks/token.ts'
import { type Finding, ok, problem } from './finding.ts'
import { createProbe, isFailure, type Probe } from './probe.ts'
import { type Check, type Target, WELL_KNOWN } from './target.ts'

/** Every check, in the order of the report. */
const checks: readonly Check[] = [
  tls,
  plainHttp,
  clock,
  keepAlive,
  issuer,
  wellKnown,
  endpoints,
  jwks,
  strangers,
  authorization,
  token,
  cors,
  forwardedHost,
  largeHeaders,
  bodies,
  health,
  metrics,
]

/**
 * Examines a deployment from outside, as its clients see it. Sends nothing secret and changes nothing but that an
 * authorization is begun which nobody goes on with.
 *
 * @param url its address; a slash at its end does not count
 */
export async function examine(url: URL, client: Target['client'], clockHere: Clock): Promise<readonly Finding[]> {
  const probe = createProbe()
  try {
    const place = {
      url: (url.origin + url.pathname).replace(/\/+$/, ''),
      origin: url.origin,
      path: url.pathname.replace(/\/+$/, ''),
    }
    const found = await findDocument(place, probe)
    if ('finding' in found) return [found.finding]
    const target: Target = { ...place, ...found, probe, clock: clockHere, client }
    const findings = await Promise.all(checks.map((check) => check(target)))
    return [ok('reachable', `${place.url} answers`), ...findings.flat()]
  } finally {
    probe.close()
  }
}

/** The metadata at the first place that has them. Without any nothing else can be judged. */
async function findDocument(
  { url, origin, path }: Pick<Target, 'url' | 'origin' | 'path'>,
  probe: Probe,
): Promise<Pick<Target, 'document' | 'metadata'> | { finding: Finding }> {
  let seen = ''
  for (const address of [url + WELL_KNOWN[0], url + WELL_KNOWN[1], origin + WELL_KNOWN[0] + path]) {
    const document = await probe.ask(address)
    if (isFailure(document)) {
      return {
        finding: problem(
          'reachable',
          `${url} cannot be reached: ${document.failure}`,
          'Look at DNS, the firewall, the proxy and the server.',
        ),
      }
    }
    const metadata = document.status === 200 ? readJsonObject(Buffer.from(document.body)) : undefined
    if (metadata !== undefined) return { document, metadata }
    seen = `${document.status}`
  }
  return {
    finding: problem(
      'metadata',
      `no metadata are found under ${url} (${seen})`,
      'Is it the address of ISSUER? Let the proxy forward /.well-known/, and the path of the issuer.',
    ),
  }
}
