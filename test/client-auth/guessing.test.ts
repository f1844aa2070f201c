import type { ClientAuthMethod, ClientAuthServices } from '../../src/client-auth/client-auth-method.ts'
import { ClientRefused } from '../../src/client-auth/client-auth-method.ts'
import { slowedDown } from '../../src/client-auth/guessing.ts'
import type { Client } from '../../src/oauth/client.ts'
import { OAuthError } from '../../src/oauth/errors.ts'
import { confidentialClient } from '../helpers/fixtures.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

type Proof = ClientAuthMethod['proof']

describe('slowing a proof down', () => {
  let server: TestServer
  let services: ClientAuthServices
  let client: Client
  beforeEach(async () => {
    server = await testServer({ clients: [confidentialClient] })
    services = server.deps.clientAuth
    client = server.deps.clients.find('backend') as Client
  })
  afterEach(() => server.close())

  const run = (proof: Proof, prove: () => Promise<Client>) => {
    const method: ClientAuthMethod = {
      name: 'test',
      registrations: [],
      proof,
      matches: () => true,
      authenticate: prove,
    }
    const credentials = { authorization: undefined, params: {}, address: '203.0.113.7' }
    return slowedDown(method, credentials, services, prove)
  }
  const right = async () => client
  const wrong = async (): Promise<Client> => {
    throw new ClientRefused('backend', 'invalid_client', 'client authentication failed', { status: 401 })
  }
  const failures = async (proof: Proof, times: number) => {
    const seen: number[] = []
    for (let time = 0; time < times; time++) {
      await run(proof, wrong).catch((error: OAuthError) => seen.push(error.status))
    }
    return seen
  }

  it('counts failed signatures as it counts secrets', async () => {
    expect(await failures('signature', 6)).toEqual([401, 401, 401, 401, 401, 429])
    await expect(run('secret', right)).rejects.toMatchObject({ status: 429 })
  })

  it('lets a right signature pass at any time, without a trip to the store: nobody can guess one', async () => {
    await failures('secret', 20)
    const judge = jest.spyOn(services.attempts, 'judge')
    await expect(run('signature', right)).resolves.toBe(client)
    expect(judge).not.toHaveBeenCalled()
  })

  it('judges a right secret once for what follows it in a moment', async () => {
    const judge = jest.spyOn(services.attempts, 'judge')
    for (let time = 0; time < 3; time++) await run('secret', right)
    expect(judge).toHaveBeenCalledTimes(1)
    server.clock.advance({ seconds: 10 })
    await run('secret', right)
    expect(judge).toHaveBeenCalledTimes(2)
  })

  it('judges it again from the first wrong one on, so that a wait holds for the client, too', async () => {
    await run('secret', right)
    expect(await failures('secret', 5)).toEqual(Array(5).fill(401))
    await expect(run('secret', right)).rejects.toMatchObject({ status: 429 })
  })

  it('does not take a secret as proven that was still being judged when a wrong one came', async () => {
    let wrongs: Promise<number[]> | undefined
    const judge = services.attempts.judge
    jest.spyOn(services.attempts, 'judge').mockImplementation(async (attempt, policy) => {
      const result = await judge(attempt, policy)
      if (attempt.right) wrongs ??= failures('secret', 1)
      return result
    })
    await run('secret', right)
    expect(await wrongs).toEqual([401])
    expect(services.provenLately.has('backend', '203.0.113.7', server.clock.now())).toBe(false)
  })

  it('takes no word of another network for it', async () => {
    const { provenLately } = services
    await run('secret', right)
    const now = server.clock.now()
    expect(provenLately.has('backend', '203.0.113.7', now)).toBe(true)
    expect(provenLately.has('backend', '203.0.113.8', now)).toBe(false)
    expect(provenLately.has('backend', '203.0.113.7', now - 1)).toBe(false)
  })

  it('never counts who only names itself', async () => {
    expect(await failures('nothing', 20)).toEqual(Array(20).fill(401))
    await expect(run('secret', right)).resolves.toBe(client)
  })

  it('counts refusals of a proof only, not requests that are malformed', async () => {
    const malformed = async (): Promise<Client> => {
      throw new OAuthError('invalid_request', 'missing parameter')
    }
    for (let time = 0; time < 20; time++) await run('secret', malformed).catch(() => undefined)
    await expect(run('secret', right)).resolves.toBe(client)
  })
})
