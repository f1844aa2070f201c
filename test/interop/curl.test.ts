import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { alice, bob, publicClient } from '../helpers/fixtures.ts'
import { readForm } from '../helpers/html.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'

const run = promisify(execFile)

/** A partner engineer with nothing but curl, step by step. */
describe('curl', () => {
  let server: ListeningServer
  let directory: string
  beforeAll(async () => {
    const several = {
      ...publicClient,
      client_id: 'several',
      redirect_uris: ['https://a.example/cb', 'https://b.example/cb'],
    }
    server = await listen({ clients: [publicClient, several] })
    directory = await mkdtemp(join(tmpdir(), 'latchkey-curl-'))
  })
  afterAll(async () => {
    await server.close()
    await rm(directory, { recursive: true, force: true })
  })

  const curl = async (...args: string[]) => (await run('curl', ['--silent', '--show-error', ...args])).stdout
  const encoded = (values: Record<string, string>) =>
    Object.entries(values).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`])
  const freshJar = () => {
    const jar = join(directory, randomBytes(8).toString('hex'))
    return ['--cookie-jar', jar, '--cookie', jar]
  }
  const pair = () => {
    const verifier = randomBytes(64).toString('base64url')
    return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
  }

  /** Opens the authorize address as the documents do, signs in and allows; gives where the browser is sent. */
  const authorize = async (params: Record<string, string>, person = alice) => {
    const cookies = freshJar()
    const first = ['--location', '--get', '--url', `${server.issuer}/oauth/authorize`, ...encoded(params)]
    let page = await curl(...cookies, ...first)
    const steps: Array<Record<string, string>> = [
      { username: person.username, password: person.password },
      { answer: 'allow' },
    ]
    for (const fields of steps) {
      const form = readForm(page, Object.keys(fields))
      if (form === undefined) continue
      const posted = encoded({ ...form.hidden, ...fields })
      const answer = await curl(...cookies, '--include', `${server.issuer}${form.action}`, ...posted)
      const location = /^location: (.+)\r$/im.exec(answer)?.[1] as string
      if (!location.startsWith('/')) return new URL(location)
      page = await curl(...cookies, `${server.issuer}${location}`)
    }
    throw new Error(`no redirect to the client: ${page}`)
  }

  const token = async (form: string) =>
    JSON.parse(await curl('--request', 'POST', '--url', `${server.issuer}/oauth/token`, '--data-raw', form))

  it('walks the eleven steps from the first click to the resource, redirect_uri left out', async () => {
    const { verifier, challenge } = pair()
    const request = {
      response_type: 'code',
      client_id: 'app',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    }
    const location = await authorize(request)
    expect(location.href).toMatch(/^https:\/\/app\.example\/callback\?code=/)
    const code = location.searchParams.get('code') as string

    const tokens = await token(`grant_type=authorization_code&client_id=app&code=${code}&code_verifier=${verifier}`)
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
    const keys = createRemoteJWKSet(new URL(`${server.issuer}/.well-known/jwks.json`), { timeoutDuration: 60_000 })
    const { payload } = await jwtVerify(tokens.access_token, keys, { issuer: server.issuer, audience: server.issuer })
    expect(payload.sub).toBe(alice.sub)
  })

  it('sends the sample requests word for word and gets the sample answers', async () => {
    const { verifier, challenge } = pair()
    const location = await authorize(
      {
        response_type: 'code',
        client_id: 'app',
        redirect_uri: 'https://app.example/callback',
        code_challenge: challenge,
        code_challenge_method: 'S256',
        state: 'RANDOM_STATE',
        scope: 'read write',
      },
      bob,
    )
    expect(location.searchParams.get('state')).toBe('RANDOM_STATE')
    const redirect = encodeURIComponent('https://app.example/callback')
    const tokens = await token(
      `grant_type=authorization_code&client_id=app&redirect_uri=${redirect}&code=${location.searchParams.get('code')}&code_verifier=${verifier}`,
    )
    expect(tokens).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      refresh_token: expect.any(String),
      expires_in: 3600,
      scope: 'read write',
    })
  })

  it('is told what is missing from a token call that is wrong on the wire', async () => {
    expect(await token('authorization_code=CODE&code_verifier=VERIFIER')).toEqual({
      error: 'invalid_request',
      error_description: 'missing parameters: grant_type, client_id, code',
    })
  })

  it('must name the redirect_uri where several are registered', async () => {
    const request = {
      response_type: 'code',
      client_id: 'several',
      code_challenge: pair().challenge,
      code_challenge_method: 'S256',
    }
    const page = await curl('--include', '--get', '--url', `${server.issuer}/oauth/authorize`, ...encoded(request))
    expect(page).toMatch(/^HTTP\/1\.1 400/)
    expect(page).toContain('redirect_uri')
  })
})
