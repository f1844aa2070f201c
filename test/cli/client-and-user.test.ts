import { createHash } from 'node:crypto'
import { buildCli, type Cli } from '../helpers/cli.ts'
import { alice } from '../helpers/fixtures.ts'
import { testServer } from '../helpers/server.ts'

let cli: Cli
beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())

const CALLBACK = 'https://crm.example/callback'
const newClient = (...args: string[]) => cli.run(['client', 'new', ...args])
const secretIn = (stderr: string) => /^ {2}([A-Za-z0-9_-]{43})$/m.exec(stderr)?.[1] as string

describe('latchkey client new', () => {
  it('prints what CLIENTS takes as it is, and the secret once, which works', async () => {
    const { code, stdout, stderr } = await newClient(
      '--name',
      'Acme CRM',
      '--redirect-uri',
      CALLBACK,
      '--scope',
      'read',
    )
    expect(code).toBe(0)
    expect(stderr).toContain('The client secret, shown this once:')
    const secret = secretIn(stderr)
    expect(stdout).not.toContain(secret)
    const [client] = JSON.parse(stdout) as [Record<string, string>]
    expect(client).toEqual({
      client_id: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      client_name: 'Acme CRM',
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'read',
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret_hash: `sha256:${createHash('sha256').update(secret).digest('base64url')}`,
    })

    const server = await testServer({ env: { CLIENTS: stdout } })
    const request = server.request({ client_id: client.client_id, redirect_uri: CALLBACK })
    const authorization = `Basic ${Buffer.from(`${client.client_id}:${secret}`).toString('base64')}`
    const form = request.redeem(await server.code(request), { client_id: undefined })
    expect((await server.token(form, { authorization })).status).toBe(200)
    await server.close()
  })

  it('gives an app that cannot keep a secret none', async () => {
    const { stdout, stderr } = await newClient('--name', 'App', '--redirect-uri', 'com.example.app:/callback')
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)[0]).not.toHaveProperty('client_secret_hash')
    expect(JSON.parse(stdout)[0].token_endpoint_auth_method).toBe('none')
  })

  it('takes every part of it from options, and with --json keeps the secret in a field of its own', async () => {
    const { code, stdout, stderr } = await newClient(
      ...['--name', 'Two', '--id', 'two', '--auth-method', 'client_secret_post', '--grant-type', 'authorization_code'],
      ...['--redirect-uri', CALLBACK, '--redirect-uri=https://crm.example/other', '--json'],
    )
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toEqual({
      client: {
        client_id: 'two',
        client_name: 'Two',
        redirect_uris: [CALLBACK, 'https://crm.example/other'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'client_secret_post',
        client_secret_hash: expect.stringMatching(/^sha256:/),
      },
      client_secret: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    })
  })

  it('needs no redirect URI for a client that acts for itself', async () => {
    const { code, stdout } = await newClient('--name', 'Batch', '--grant-type', 'client_credentials')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)[0]).not.toHaveProperty('redirect_uris')
  })

  it('keeps the secret itself where the server must make an HMAC with it, and asks for keys where it needs them', async () => {
    const hmac = await newClient('--name', 'A', '--redirect-uri', CALLBACK, '--auth-method', 'client_secret_jwt')
    expect(JSON.parse(hmac.stdout)[0].client_secret).toBe(secretIn(hmac.stderr))
    const keys = await newClient('--name', 'A', '--redirect-uri', CALLBACK, '--jwks-uri', 'https://crm.example/jwks')
    expect(JSON.parse(keys.stdout)[0]).toMatchObject({ token_endpoint_auth_method: 'private_key_jwt' })
    const none = await newClient('--name', 'A', '--redirect-uri', CALLBACK, '--auth-method', 'private_key_jwt')
    expect(none).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('jwks_uri') })
  })

  it('names everything that is missing where nobody is there to ask', async () => {
    expect(await newClient()).toEqual({
      code: 64,
      stdout: '',
      stderr: 'latchkey: --name and --redirect-uri must be given. See latchkey client new --help\n',
    })
  })

  it.each([
    [['--redirect-uri', 'http://crm.example/'], 'redirect_uris "http://crm.example/" must use https'],
    [['--redirect-uri', CALLBACK, '--auth-method', 'basic'], 'token_endpoint_auth_method must be one of'],
    [['--redirect-uri', CALLBACK, '--grant-type', 'password'], 'grant_types must be one of'],
    [['--redirect-uri', CALLBACK, '--id', 'with blank'], 'client_id must be 1 to 200 printable ASCII characters'],
  ])('refuses %j as the server would', async (args, message) => {
    const { code, stdout, stderr } = await newClient('--name', 'A "quoted" name', ...args)
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toContain(`latchkey: ${message}`)
  })

  it('takes only scopes that SCOPES describes, where it is set', async () => {
    const args = ['client', 'new', '--name', 'A', '--redirect-uri', CALLBACK, '--scope', 'read admin']
    const env = { SCOPES: '{"read":"See your things"}' }
    expect((await cli.run(args)).code).toBe(0)
    const { code, stderr } = await cli.run(args, { env })
    expect(code).toBe(64)
    expect(stderr).toBe('latchkey: scope has the name "admin", which SCOPES does not describe\n')
    expect(await cli.run(args, { env: { SCOPES: '[' } })).toMatchObject({ code: 78 })
  })
})

describe('latchkey client hash-secret', () => {
  const secret = 'a-secret-of-at-least-32-characters-é'
  const hash = `sha256:${createHash('sha256').update(secret).digest('base64url')}`
  const run = (stdin: string, ...args: string[]) => cli.run(['client', 'hash-secret', ...args], { stdin })

  it.each(['', '\n', '\r\n'])('hashes the secret on standard input, with %j behind it or not', async (end) => {
    expect(await run(secret + end)).toEqual({ code: 0, stdout: `${hash}\n`, stderr: '' })
  })

  it('prints JSON', async () => {
    expect(JSON.parse((await run(secret, '--json')).stdout)).toEqual({ client_secret_hash: hash })
  })

  it.each([
    ['short', 'the client secret must have at least 32 characters'],
    ['', 'the client secret is empty'],
    [`${secret}\n${secret}`, 'the client secret must be one line'],
  ])('refuses %j', async (stdin, message) => {
    expect(await run(stdin)).toEqual({ code: 65, stdout: '', stderr: `latchkey: ${message}\n` })
  })
})

describe('latchkey user hash-password', () => {
  const run = (stdin: string, ...args: string[]) => cli.run(['user', 'hash-password', ...args], { stdin })

  it('prints what USERS takes and the user signs in with', async () => {
    const password = 'grüße, 世界 🔑 with blanks '
    const { code, stdout, stderr } = await run(`${password}\n`)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+\n$/)

    const { password: plain, ...claims } = alice
    const server = await testServer({ users: [{ ...claims, password_hash: stdout.trim() }] })
    const signIn = (typed: string) =>
      server.browser().authorize(server.request(), { login: { username: 'alice', password: typed }, consent: 'allow' })
    expect((await signIn(password)).code).toBeDefined()
    await expect(signIn(password.trim())).rejects.toThrow('no redirect to the client')
    await server.close()
  })

  it('makes another hash each time, and prints JSON', async () => {
    const [one, two] = [await run('same', '--json'), await run('same', '--json')]
    expect(JSON.parse(one.stdout)).toEqual({ password_hash: expect.stringMatching(/^\$argon2id\$/) })
    expect(one.stdout).not.toBe(two.stdout)
  })

  it.each([
    ['\n', 'the password is empty'],
    ['a\nb\n', 'the password must be one line'],
    ['x'.repeat(1025), 'the password is longer than 1024 characters; sign-in would refuse it'],
  ])('refuses %j', async (stdin, message) => {
    expect(await run(stdin)).toEqual({ code: 65, stdout: '', stderr: `latchkey: ${message}\n` })
  })
})
