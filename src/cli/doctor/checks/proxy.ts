import { judge, ok, warning } from '../finding.ts'
import { isFailure } from '../probe.ts'
import { at, type Check, NOBODY, WELL_KNOWN } from '../target.ts'

const EVIL = 'evil.example'
const LONG_HEADER = 6000

/** Nothing that a caller says about the host may come back. */
export const forwardedHost: Check = async (target) => {
  const headers = { 'X-Forwarded-Host': EVIL, 'X-Forwarded-Proto': 'http', Forwarded: `host=${EVIL};proto=http` }
  const answers = await Promise.all([
    target.probe.ask(at(target, WELL_KNOWN[0]), { headers }),
    target.probe.ask(at(target, '/oauth/authorize', { client_id: NOBODY }), { headers }),
    target.probe.ask(at(target, '/oauth/token'), { headers, method: 'POST', form: {} }),
  ])
  const [document] = answers
  const changed = document !== undefined && !isFailure(document) && document.body !== target.document.body
  const repeated = answers.some((answer) => JSON.stringify(answer).includes(EVIL))
  return [
    judge(
      'forwarded-host',
      !changed && !repeated,
      'X-Forwarded-Host of a caller changes nothing',
      'a caller’s X-Forwarded-Host changes the answers',
      'Let the proxy overwrite X-Forwarded-Host and never build addresses from it: links could lead elsewhere.',
    ),
  ]
}

/** Cookies and proofs make headers long. */
export const largeHeaders: Check = async (target) => {
  const answer = await target.probe.ask(at(target, WELL_KNOWN[0]), {
    headers: { Cookie: `x=${'x'.repeat(LONG_HEADER)}` },
  })
  if (!isFailure(answer) && answer.status === 200)
    return [ok('large-headers', `headers of ${LONG_HEADER} characters pass`)]
  const what = isFailure(answer) ? answer.failure : `${answer.status}`
  return [
    warning(
      'large-headers',
      `a request with ${LONG_HEADER} characters of cookies gives ${what}`,
      'Let the proxy take headers of 8 KB and more: cookies and DPoP proofs add up.',
    ),
  ]
}

/** Whether the bytes arrive as they were sent. */
export const bodies: Check = async ({ document }) => {
  const { 'content-encoding': encoding, 'content-length': length } = document.headers
  if (encoding !== undefined && encoding !== 'identity') {
    return [
      warning(
        'bodies',
        `the metadata come with Content-Encoding ${encoding}, which was not asked for`,
        'Let the proxy heed Accept-Encoding.',
      ),
    ]
  }
  if (Number(length) === document.bytes) return [ok('bodies', 'bodies arrive with the length they were sent with')]
  return [
    warning(
      'bodies',
      `the metadata come with Content-Length ${length ?? 'missing'} and ${document.bytes} bytes`,
      'Something on the way writes bodies anew: let the proxy pass them on.',
    ),
  ]
}
