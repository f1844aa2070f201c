import { createHash } from 'node:crypto'
import { clientResponse } from '../helpers/browser.ts'
import { pkcePair } from '../helpers/pkce.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

/** What partners get wrong about PKCE: a generic error for them, the exact cause in the log for whoever helps them. */
describe('mistakes with PKCE', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer()
  })
  afterAll(() => server.close())

  const sha256 = (text: string | Buffer) => createHash('sha256').update(text)
  const lastCause = () => server.logs().findLast((line) => 'cause' in line)?.cause
  const { verifier } = pkcePair()
  const hex = sha256(verifier).digest('hex')

  it.each([
    ['missing-code-challenge', undefined, 'S256'],
    ['challenge-is-hex-digest', hex, 'S256'],
    ['challenge-is-base64-of-hex-digest', `${Buffer.from(hex).toString('base64url')}==`, 'S256'],
    ['challenge-is-padded', `${sha256(verifier).digest('base64url')}=`, 'S256'],
    ['challenge-is-standard-base64', '+/+/'.repeat(10).concat('abc='), 'S256'],
    ['challenge-has-surrounding-whitespace', `${sha256(verifier).digest('base64url')}\n`, 'S256'],
    ['challenge-is-too-short', 'short', 'S256'],
    ['missing-challenge-method', sha256(verifier).digest('base64url'), undefined],
    ['wrong-challenge-method', sha256(verifier).digest('base64url'), 'plain'],
    ['wrong-challenge-method', sha256(verifier).digest('base64url'), 's256'],
  ])('tells %s at the authorize endpoint', async (cause, code_challenge, code_challenge_method) => {
    const request = server.request({ code_challenge, code_challenge_method })
    const answer = clientResponse(await server.browser().begin(request))
    expect(answer).toMatchObject({ error: 'invalid_request', state: request.state, iss: 'http://localhost:3000' })
    expect(answer.error_description).toContain('code_challenge')
    expect(answer.error_description).not.toContain(cause)
    expect(lastCause()).toBe(cause)
  })

  it.each([
    ['verifier-has-trailing-newline', `${verifier}\n`],
    ['verifier-is-standard-base64', 'ab+/'.repeat(12)],
    ['verifier-is-padded', `${verifier}=`],
    ['verifier-is-too-short', verifier.slice(0, 42)],
    ['verifier-is-too-long', 'a'.repeat(129)],
  ])('tells %s at the token endpoint, and leaves the code as it was', async (cause, code_verifier) => {
    const request = server.request()
    const code = await server.code(request)
    const answer = await server.token(request.redeem(code, { code_verifier }))
    expect(answer.body.error).toBe('invalid_request')
    expect(answer.body.error_description).toContain('code_verifier must be 43 to 128 characters')
    expect(lastCause()).toBe(cause)
    expect((await server.token(request.redeem(code))).status).toBe(200)
  })

  it.each([
    ['verifier-equals-challenge', (v: string) => v],
    ['double-hash', (v: string) => sha256(sha256(v).digest('base64url')).digest('base64url')],
    ['hash-of-hex-digest', (v: string) => sha256(sha256(v).digest('hex')).digest('base64url')],
    ['hash-includes-newline', (v: string) => sha256(`${v}\n`).digest('base64url')],
    ['hash-of-decoded-verifier', (v: string) => sha256(Buffer.from(v, 'base64url')).digest('base64url')],
    ['verifier-does-not-match', () => pkcePair().challenge],
  ])('tells %s when the verifier does not match', async (cause, derive) => {
    const pair = pkcePair()
    const request = server.request({ code_challenge: derive(pair.verifier) })
    const code = await server.code(request)
    const answer = await server.token(request.redeem(code, { code_verifier: pair.verifier }))
    expect(answer.status).toBe(400)
    expect(answer.body.error).toBe('invalid_grant')
    expect(answer.text).not.toContain(cause)
    expect(lastCause()).toBe(cause)
    expect(server.events().at(-2)).toMatchObject({ audit: 'code.burnt', cause })
  })
})
