import { isLoopback } from '../../../oauth/redirect-uri.ts'
import { type Finding, judge, ok, problem, warning } from '../finding.ts'
import { createProbe, isFailure } from '../probe.ts'
import { at, type Check, WELL_KNOWN } from '../target.ts'

const DAY = 24 * 60 * 60 * 1000
const SOON_DAYS = 21
const LARGEST_SKEW = 60_000

/** The certificate and the protocol, or that there is none. */
export const tls: Check = async ({ url, probe, clock }) => {
  if (!url.startsWith('https:')) {
    return [
      judge(
        'tls',
        isLoopback(url),
        'http on this machine needs no TLS',
        'the address is http',
        'Serve it over https and set ISSUER to that address.',
      ),
    ]
  }
  const facts = await probe.tls(url)
  if (isFailure(facts)) return [problem('tls', `TLS fails: ${facts.failure}`, 'Look at the certificate and the proxy.')]
  const { protocol, distrust, expires } = facts
  const days = Math.trunc((expires - clock.now()) / DAY)
  return [
    judge(
      'tls',
      /^TLSv1\.[23]$/.test(protocol),
      `the protocol is ${protocol}`,
      `the protocol is ${protocol}`,
      'Allow TLS 1.2 and 1.3 only.',
    ),
    certificate(distrust, days, expires < clock.now()),
  ]
}

function certificate(distrust: string | undefined, days: number, expired: boolean): Finding {
  const renew = 'Renew the certificate, and see why that did not happen by itself.'
  if (expired) return problem('certificate', `the certificate expired ${-days} days ago`, renew)
  if (distrust !== undefined) {
    return problem(
      'certificate',
      `the certificate is not trusted: ${distrust}`,
      'Send the whole chain of a certificate for this host; for one of your own: NODE_EXTRA_CA_CERTS.',
    )
  }
  if (days < SOON_DAYS) return warning('certificate', `the certificate expires in ${days} days`, renew)
  return ok('certificate', `the certificate is trusted and good for ${days} days`)
}

/** What the plain address of the same host does. */
export const plainHttp: Check = async ({ url, probe }) => {
  const { protocol, port, hostname } = new URL(url)
  if (protocol !== 'https:') return []
  if (port !== '') return [ok('http', `https is at port ${port}, so no plain address goes with it`)]
  const answer = await probe.ask(`http://${hostname}/.well-known/oauth-authorization-server`)
  if (isFailure(answer)) return [ok('http', 'plain http is not answered')]
  const location = answer.headers.location ?? ''
  const good = (answer.status >= 300 && answer.status < 400 && location.startsWith('https://')) || answer.status >= 400
  return [
    judge(
      'http',
      good,
      'plain http redirects or is refused',
      `plain http is answered with ${answer.status}`,
      'Redirect http to https in the proxy.',
    ),
  ]
}

/** The time in the answers, by which clients and this server must agree. */
export const clock: Check = async (target) => {
  const began = target.clock.now()
  const answer = await target.probe.ask(at(target, WELL_KNOWN[0]))
  const date = isFailure(answer) ? Number.NaN : Date.parse(answer.headers.date ?? '')
  if (Number.isNaN(date))
    return [warning('clock', 'the answers have no Date', 'Let the proxy pass the Date header on.')]
  const skew = date - (began + target.clock.now()) / 2
  const seconds = Math.round(Math.abs(skew) / 1000)
  return [
    judge(
      'clock',
      Math.abs(skew) <= LARGEST_SKEW,
      'its clock and the one here agree',
      `its clock is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} the one here`,
      'Set both by NTP: assertions, proofs and tokens are refused otherwise.',
    ),
  ]
}

/** Whether a connection serves more than one request. */
export const keepAlive: Check = async (target) => {
  const probe = createProbe(1)
  try {
    await probe.ask(at(target, WELL_KNOWN[0]))
    const again = await probe.ask(at(target, WELL_KNOWN[0]))
    if (!isFailure(again) && again.reused) return [ok('keep-alive', 'connections are kept for further requests')]
    return [
      warning(
        'keep-alive',
        'every request needs a connection of its own',
        'Switch keep-alive on in the proxy: handshakes cost clients time.',
      ),
    ]
  } finally {
    probe.close()
  }
}
