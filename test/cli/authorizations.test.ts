import { alice, bob } from '../helpers/fixtures.ts'
import { runCommand } from '../helpers/run-command.ts'
import { type TestServer, testEnvironment, testServer } from '../helpers/server.ts'

const environment = testEnvironment({ store: 'redis', env: { REDIS_KEY_PREFIX: `[a*b]-${Date.now()}:` } })

let server: TestServer
beforeAll(async () => {
  server = await testServer({ store: 'redis', env: { REDIS_KEY_PREFIX: environment.REDIS_KEY_PREFIX } })
})
afterAll(() => server.close())

/** A command on the clock of the server. */
const run = (line: string, given: { answer?: string; env?: Record<string, string | undefined> } = {}) =>
  runCommand(line, { env: environment, clock: server.clock, ...given })

interface Listed {
  authorization_id: string
  client_id: string
  subject: string
  scope: string
}

const list = async (scope: string) => {
  const { code, stdout } = await run(`authorizations list ${scope} --json`)
  expect(code).toBe(0)
  return (JSON.parse(stdout) as { authorizations: Listed[] }).authorizations
}

/** An authorization of that user with that client, from the sign-in to its first tokens. */
const authorize = async (user: { username: string; password: string }, clientId = 'app') => {
  const redirect_uri = `https://${clientId}.example/callback`
  const request = server.request({ client_id: clientId, redirect_uri })
  const { code } = await server.browser().authorize(request, { login: user, consent: 'allow' })
  return (await server.token(request.redeem(code as string))).body as { refresh_token: string }
}

const refresh = async (refresh_token: string) =>
  (await server.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token })).status

describe('latchkey authorizations', () => {
  it('says without Redis that no memory of a server can be reached, and with one that is away where it is', async () => {
    const memory = await run('authorizations list --user x', { env: testEnvironment() })
    expect([memory.code, memory.stderr.includes('its own memory')]).toEqual([78, true])
    const away = await run('authorizations list --client x', {
      env: { ...environment, REDIS_URL: 'redis://:hunter2@127.0.0.1:1' },
    })
    expect([away.code, away.stderr]).toEqual([74, 'latchkey: Redis at 127.0.0.1:1 does not answer\n'])
    const broken = await run('authorizations list --user x', { env: { PORT: 'none' } })
    expect([broken.code, broken.stderr.includes('PORT must be')]).toEqual([78, true])
    expect((await run('authorizations list')).code).toBe(64)
  })

  it('lists those of a user by name and by sub, and those of a client alike', async () => {
    await authorize(alice)
    await authorize(alice, 'brief')
    await authorize(bob)
    const ofAlice = await list(`--user ${alice.username.toUpperCase()}`)
    expect(ofAlice.map(({ client_id }) => client_id).sort()).toEqual(['app', 'brief'])
    const subject = ofAlice[0]?.subject as string
    expect(await list(`--user ${subject}`)).toEqual(ofAlice)
    expect(await list(`--user ${subject} --client brief`)).toEqual(ofAlice.filter((one) => one.client_id === 'brief'))
    const ofApp = await list('--client app')
    expect(ofApp).toHaveLength(2)
    expect(new Set(ofApp.map((one) => one.subject)).size).toBe(2)
    expect(await list('--client nobody')).toEqual([])
  })

  it('prints for people a line each, with when and the id, and nothing that could be used', async () => {
    const { refresh_token } = await authorize(alice)
    const { code, stdout, stderr } = await run(`authorizations list --user ${alice.username}`)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^client +user +scopes +since +last used +id$/m)
    expect(stdout).toMatch(/^app +\S+ +read +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}\d{4}.* UTC {2}[\w-]{22}$/m)
    expect(stdout).not.toContain(refresh_token.split('.').at(-1))
    expect((await run('authorizations list --user nobody')).stderr).toBe('There are none.\n')
  })

  it('ends those of a user at one client, forgets the consent and writes the audit events', async () => {
    const { refresh_token } = await authorize(alice)
    const own = await authorize(bob)
    const before = await list(`--user ${alice.username} --client app`)
    const { code, stdout, stderr } = await run(`authorizations revoke --user ${alice.username} --client app --yes`)
    expect(code).toBe(0)
    expect(stdout).toBe(`${before.length} authorizations ended.\n`)
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(
      events
        .filter(({ audit }) => audit === 'authorization.ended')
        .map((event) => event.authorization_id)
        .sort(),
    ).toEqual(before.map((one) => one.authorization_id).sort())
    expect(events.at(-1)).toMatchObject({ audit: 'client.disconnected', client_id: 'app', ended: before.length })
    expect(await refresh(refresh_token)).toBe(400)
    expect(await refresh(own.refresh_token)).toBe(200)
    const asking = server.browser().authorize(server.request(), { login: alice })
    await expect(asking).rejects.toThrow('Allow access')
  })

  it('ends all of a user, at every client', async () => {
    await authorize(alice)
    await authorize(alice, 'brief')
    const { code, stdout } = await run(`authorizations revoke --user ${alice.username} --yes --json`)
    expect(code).toBe(0)
    expect(JSON.parse(stdout).ended).toBeGreaterThanOrEqual(2)
    expect(await list(`--user ${alice.username}`)).toEqual([])
  })

  it('ends all of a client, of every user, and no other’s', async () => {
    const tokens = [await authorize(alice), await authorize(bob)]
    await authorize(bob, 'brief')
    expect((await run('authorizations revoke --client app --yes')).code).toBe(0)
    for (const { refresh_token } of tokens) expect(await refresh(refresh_token)).toBe(400)
    expect(await list('--client app')).toEqual([])
    expect(await list('--client brief')).toHaveLength(1)
  })

  it('asks at a terminal, and does nothing without a yes', async () => {
    const { refresh_token } = await authorize(alice)
    const refused = await run(`authorizations revoke --user ${alice.username}`, { answer: 'y' })
    expect([refused.code, refused.stdout]).toEqual([1, ''])
    expect(refused.stderr).toContain('nothing was ended')
    expect(await list(`--user ${alice.username}`)).toHaveLength(1)
    expect((await run(`authorizations revoke --user ${alice.username}`)).code).toBe(64)
    expect(await list(`--user ${alice.username}`)).toHaveLength(1)
    const agreed = await run(`authorizations revoke --user ${alice.username}`, { answer: 'yes' })
    expect([agreed.code, agreed.stdout]).toEqual([0, 'One authorization ended.\n'])
    expect(await refresh(refresh_token)).toBe(400)
  })
})
