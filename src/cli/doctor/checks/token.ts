import { type Finding, judge, ok, problem } from '../finding.ts'
import { isFailure } from '../probe.ts'
import { at, type Check, WELL_KNOWN } from '../target.ts'

const TOKEN = '/oauth/token'
const STRANGER = 'https://stranger.example'

/** The token endpoint, asked for nothing. */
export const token: Check = async (target) => {
  const address = at(target, TOKEN)
  const [get, post] = await Promise.all([
    target.probe.ask(address),
    target.probe.ask(address, { method: 'POST', form: {} }),
  ])
  const status = isFailure(get) ? get.failure : get.status
  const uncached = !isFailure(post) && /\bno-store\b/.test(post.headers['cache-control'] ?? '')
  return [
    judge(
      'token-method',
      status === 405,
      'the token endpoint refuses GET',
      `the token endpoint answers GET with ${status}`,
      'Let the proxy pass 405 on; nothing else may answer there.',
    ),
    judge(
      'token-cache',
      uncached,
      'answers of the token endpoint are not to be stored',
      'an answer of the token endpoint lacks Cache-Control: no-store',
      'Let the proxy pass Cache-Control on, and never cache /oauth/.',
    ),
  ]
}

/** Which pages of other sites may read what. */
export const cors: Check = async (target) => {
  const headers = { Origin: STRANGER }
  const [document, answer] = await Promise.all([
    target.probe.ask(at(target, WELL_KNOWN[0]), { headers }),
    target.probe.ask(at(target, TOKEN), { method: 'POST', form: {}, headers }),
  ])
  const open = !isFailure(document) && document.headers['access-control-allow-origin'] === '*'
  const allowed = isFailure(answer) ? undefined : answer.headers['access-control-allow-origin']
  return [
    judge(
      'cors-metadata',
      open,
      'any page may read the metadata',
      'pages of other sites cannot read the metadata',
      'Let the proxy pass Access-Control-Allow-Origin on.',
    ),
    tokenCors(allowed, !isFailure(answer) && answer.headers['access-control-allow-credentials'] === 'true'),
  ]
}

function tokenCors(allowed: string | undefined, credentials: boolean): Finding {
  if (allowed === undefined)
    return ok('cors-token', 'pages of unknown origins cannot read answers of the token endpoint')
  return problem(
    'cors-token',
    `pages of unknown origins may read answers of the token endpoint (${allowed}${credentials ? ', with credentials' : ''})`,
    'Take the CORS headers out of the proxy: the server sets them for the origins of its clients.',
  )
}
