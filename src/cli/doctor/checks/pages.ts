import { challengeOf } from '../../../oauth/pkce.ts'
import { type Finding, judge, ok, problem, warning } from '../finding.ts'
import { type Answer, isFailure } from '../probe.ts'
import { at, type Check, NOBODY, type Target } from '../target.ts'

const AUTHORIZE = '/oauth/authorize'
const POLICY = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]
/** Nobody keeps the verifier of it: the code that it would be for never comes to be. */
const CHALLENGE = challengeOf('latchkey-doctor')

/** How a request of a stranger is answered, and what protects the page of it. */
export const strangers: Check = async (target) => {
  const answer = await target.probe.ask(
    at(target, AUTHORIZE, { response_type: 'code', client_id: NOBODY, redirect_uri: 'https://evil.example/' }),
  )
  if (isFailure(answer))
    return [
      problem(
        'unknown-client',
        `the authorization endpoint fails: ${answer.failure}`,
        'Look at the server and the proxy.',
      ),
    ]
  const page = answer.status === 400 && answer.headers.location === undefined && isHtml(answer)
  return [
    judge(
      'unknown-client',
      page,
      'an unknown client gets a page and no redirect',
      `an unknown client gets ${answer.status}${answer.headers.location === undefined ? '' : ' and a redirect'}`,
      'Let the proxy pass error pages and their status on.',
    ),
    pageHeaders(answer, target.url.startsWith('https:')),
  ]
}

function isHtml(answer: Answer): boolean {
  return answer.headers['content-type']?.startsWith('text/html') === true
}

function pageHeaders({ headers }: Answer, secure: boolean): Finding {
  const policy = String(headers['content-security-policy'] ?? '')
  const wrong = [
    ...POLICY.filter((directive) => !policy.includes(directive)).map((directive) => `no ${directive}`),
    ...(policy.includes('form-action') ? ['form-action, which breaks sign-ins in Chromium'] : []),
    ...(headers['referrer-policy'] === 'same-origin' ? [] : ['Referrer-Policy is not same-origin']),
    ...(headers['x-content-type-options'] === 'nosniff' ? [] : ['no nosniff']),
    ...(secure && !/max-age=[1-9]/.test(String(headers['strict-transport-security'])) ? ['no HSTS'] : []),
  ]
  return judge(
    'page-headers',
    wrong.length === 0,
    'pages keep their security headers',
    `pages lack or gain headers: ${wrong.join('; ')}`,
    'Let the proxy pass the headers of pages on as they are, and add none.',
  )
}

/** What needs a registered client to be seen: PKCE and the cookies of a beginning. */
export const authorization: Check = async (target) => {
  if (target.client === undefined) {
    const how = 'Give --client-id and --redirect-uri of a registered client.'
    return [
      warning('pkce', 'whether PKCE is required could not be checked without a client', how),
      warning('cookies', 'the cookies could not be checked without a client', how),
    ]
  }
  const begun = await begin(target, { code_challenge: CHALLENGE, code_challenge_method: 'S256' })
  if (begun === undefined || (begun.status === 400 && begun.headers.location === undefined)) {
    return [
      problem(
        'client',
        'the client or its redirect URI is not registered there',
        'Compare --client-id and --redirect-uri with CLIENTS.',
      ),
    ]
  }
  const [without, plain] = await Promise.all([
    begin(target, {}),
    begin(target, { code_challenge: CHALLENGE, code_challenge_method: 'plain' }),
  ])
  const accepted = [
    ...(isRefused(without) ? [] : ['without code_challenge']),
    ...(isRefused(plain) ? [] : ['with plain']),
  ]
  return [
    judge(
      'pkce',
      accepted.length === 0,
      'a request without PKCE, or with plain, is refused',
      `a request ${accepted.join(' and ')} is accepted`,
      'Something before the server changes requests, or another server answers: find it.',
    ),
    cookies(begun, target.url.startsWith('https:')),
  ]
}

async function begin(target: Target, more: Record<string, string>): Promise<Answer | undefined> {
  const { clientId, redirectUri } = target.client as NonNullable<Target['client']>
  const query = { response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state: 'doctor', ...more }
  const answer = await target.probe.ask(at(target, AUTHORIZE, query))
  return isFailure(answer) ? undefined : answer
}

/** By an answer to the client that has an error, in a redirect or a form, or by a page. */
function isRefused(answer: Answer | undefined): boolean {
  if (answer === undefined) return false
  const { location } = answer.headers
  return location === undefined ? answer.status >= 400 : /[?&]error=/.test(location)
}

function cookies({ cookies: set, headers }: Answer, secure: boolean): Finding {
  const advice = 'Let the proxy pass Set-Cookie on as it is.'
  if (set.length === 0) {
    return /[?&]error=/.test(headers.location ?? '')
      ? warning(
          'cookies',
          'the client must push its requests, so no cookie could be seen',
          'Give another client to check the cookies with.',
        )
      : problem('cookies', 'the beginning of an authorization sets no cookie', advice)
  }
  const wanted = ['HttpOnly', 'SameSite=Lax', 'Path=/', ...(secure ? ['Secure'] : [])]
  const wrong = set.flatMap((cookie) => {
    const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim())
    const lacks = wanted.filter((one) => !attributes.some((attribute) => attribute.toLowerCase() === one.toLowerCase()))
    const name = pair.split('=')[0] ?? ''
    return [
      ...lacks.map((one) => `${name} without ${one}`),
      ...(secure && !name.startsWith('__Host-') ? [`${name} without __Host-`] : []),
      ...(attributes.some((attribute) => /^domain=/i.test(attribute)) ? [`${name} with a Domain`] : []),
    ]
  })
  return wrong.length === 0
    ? ok('cookies', 'cookies keep their attributes')
    : problem('cookies', `cookies are changed: ${wrong.join(', ')}`, advice)
}
