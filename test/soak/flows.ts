import { readForm } from '../helpers/html.ts'
import { type Answer, createRemoteBrowser, type HttpClient } from '../helpers/http-client.ts'
import { pkcePair } from '../helpers/pkce.ts'
import { type AuthorizationRequest, authorizationRequest } from '../helpers/request.ts'
import { backend, backendRedirect, gateway, type Person } from './settings.ts'

/** What a flow that went otherwise than it should is told by. */
export class Surprise extends Error {}

interface Tokens {
  access_token: string
  refresh_token: string
}

/** Somebody with a browser, and the clients that act for them. */
export interface Visitor {
  /** The kinds of flows; each throws a Surprise where an answer is not the one it should be. */
  flows: Readonly<Record<string, () => Promise<void>>>
}

/** How often each kind of flow is gone through, of all together. */
export const SHARES: Readonly<Record<string, number>> = {
  whole: 20,
  redeemed: 15,
  'wrong verifier': 15,
  replayed: 10,
  pushed: 10,
  abandoned: 10,
  'confidential, revoked': 8,
  refused: 5,
  machine: 5,
  forged: 2,
}

/** Authorize, sign-in, consent, and their redirects. */
const MOST_STEPS = 8

/** @param tell is told of every answer */
export function createVisitor(
  client: HttpClient,
  server: string,
  person: Person,
  tell: (answer: Answer) => void,
): Visitor {
  const heard = (answer: Answer) => {
    tell(answer)
    return answer
  }
  const listening: HttpClient = {
    get: async (...about) => heard(await client.get(...about)),
    post: async (...about) => heard(await client.post(...about)),
    close: client.close,
  }
  const browser = createRemoteBrowser(listening, server)
  const post = (path: string, form: Record<string, string>) => listening.post(server + path, form)
  const token = (form: Record<string, string>) => post('/oauth/token', form)

  const press = (page: Answer, fields: Record<string, string>) => {
    const form = readForm(page.text, Object.keys(fields))
    if (form === undefined) throw surprise(page, `a form with ${Object.keys(fields)}`)
    return browser.post(form.action, { ...form.hidden, ...fields })
  }
  /** Follows the way from an answer of authorize to the code, or to the refusal. */
  const follow = async (first: Answer, answer: 'allow' | 'deny'): Promise<Answer> => {
    let last = first
    // Signs in again where the session or the consent is over, as happens every minute or two.
    for (let step = 0; step < MOST_STEPS && !/[?&](?:code|error)=/.test(last.headers.location ?? ''); step++) {
      if (last.headers.location !== undefined) last = await browser.get(last.headers.location)
      else if (last.text.includes('name="password"')) last = await press(last, person.credentials)
      else last = await press(last, { answer })
    }
    return last
  }
  const authorize = async (query: string): Promise<string> => {
    const last = await follow(await browser.get(`/oauth/authorize?${query}`), 'allow')
    const code = /[?&]code=([^&]+)/.exec(last.headers.location ?? '')?.[1]
    if (code === undefined) throw surprise(last, 'a code')
    return code
  }
  const codeFor = (wanted: AuthorizationRequest) => authorize(wanted.query())
  const request = (more: Record<string, string> = {}) => authorizationRequest({ scope: 'openid read', ...more })
  const refresh = (refresh_token: string, more: Record<string, string> = { client_id: 'app' }) =>
    token({ grant_type: 'refresh_token', refresh_token, ...more })
  const tokensFor = async (wanted: AuthorizationRequest, more: Record<string, string> = {}) =>
    expectTokens(await token(wanted.redeem(await codeFor(wanted), more)))

  return {
    flows: {
      async whole() {
        let tokens = await tokensFor(request())
        for (let times = 0; times < 2; times++) tokens = expectTokens(await refresh(tokens.refresh_token))
        const { access_token } = tokens
        expectText(await post('/oauth/introspect', { ...gateway, token: access_token }), 200, '"active":true')
        expectText(await listening.get(`${server}/oauth/userinfo`, undefined, access_token), 200, person.sub)
      },
      async redeemed() {
        await tokensFor(request())
      },
      async 'wrong verifier'() {
        const wanted = request()
        const form = wanted.redeem(await codeFor(wanted), { code_verifier: pkcePair().verifier })
        expectText(await token(form), 400, 'invalid_grant')
      },
      async replayed() {
        const wanted = request()
        const form = wanted.redeem(await codeFor(wanted))
        const { refresh_token } = expectTokens(await token(form))
        expectText(await token(form), 400, 'invalid_grant')
        expectText(await refresh(refresh_token), 400, 'invalid_grant')
      },
      async pushed() {
        const wanted = request()
        const answer = expectText(await post('/oauth/par', wanted.params), 201, 'request_uri')
        const params = { client_id: 'app', request_uri: JSON.parse(answer.text).request_uri }
        expectTokens(await token(wanted.redeem(await authorize(`${new URLSearchParams(params)}`))))
      },
      async abandoned() {
        await codeFor(request())
      },
      async 'confidential, revoked'() {
        const wanted = request({ client_id: backend.client_id, redirect_uri: backendRedirect })
        const { client_secret } = backend
        const { refresh_token } = await tokensFor(wanted, { client_secret })
        expectText(await post('/oauth/introspect', { ...backend, token: refresh_token }), 200, '"active":true')
        expectText(await post('/oauth/revoke', { ...backend, token: refresh_token }), 200, '')
        expectText(await refresh(refresh_token, backend), 400, 'invalid_grant')
      },
      async refused() {
        const wanted = request({ prompt: 'consent' })
        const denied = await follow(await browser.get(`/oauth/authorize?${wanted.query()}`), 'deny')
        if (!/error=access_denied/.test(denied.headers.location ?? '')) throw surprise(denied, 'access_denied')
      },
      async machine() {
        expectText(await token({ grant_type: 'client_credentials', scope: 'read', ...gateway }), 200, 'access_token')
      },
      async forged() {
        expectText(await refresh('lkr_not-a-token'), 400, 'invalid_grant')
      },
    },
  }
}

function expectTokens(answer: Answer): Tokens {
  return JSON.parse(expectText(answer, 200, 'refresh_token').text)
}

function expectText(answer: Answer, status: number, text: string): Answer {
  if (answer.status !== status || !answer.text.includes(text)) throw surprise(answer, `${status} ${text}`)
  return answer
}

function surprise({ status, headers, text }: Answer, wanted: string): Surprise {
  return new Surprise(`${wanted} was expected, and came: ${status} ${headers.location ?? ''} ${text.slice(0, 200)}`)
}
