import { alice, bob } from '../helpers/fixtures.ts'
import { freshPrefix, onBothStores, type StoreName, type TestServer, testServer } from '../helpers/server.ts'
import { addresses, GUESS, guessFromEverywhere, HOME, SIGNED_IN, visitor, WAIT, WRONG } from '../helpers/visitor.ts'

const RIGHT = alice.password
const ELSEWHERE = '198.51.100.4'

let servers: TestServer[] = []
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()))
  servers = []
})

const open = async (store: StoreName, env: Record<string, string> = { TRUST_PROXY: 'true' }) => {
  const server = await testServer({ store, env })
  servers.push(server)
  return server
}

const count = (answers: Array<{ status: number }>, status: number) =>
  answers.filter((answer) => answer.status === status).length

onBothStores('guessing a password', (store) => {
  it('costs nothing for four slips, and a right password forgets them', async () => {
    const server = await open(store)
    for (let round = 0; round < 2; round++) {
      const person = await visitor(server)
      expect(await person.statuses(GUESS, 4)).toEqual(Array(4).fill(WRONG))
      expect((await person.signIn(RIGHT)).status).toBe(SIGNED_IN)
    }
  })

  it('fails five times as ever; the sixth is answered with 429, the time to wait, and the page again', async () => {
    const server = await open(store)
    const person = await visitor(server)
    expect(await person.statuses(GUESS, 5)).toEqual(Array(5).fill(WRONG))
    const refused = await person.signIn(GUESS)
    expect(refused.status).toBe(WAIT)
    expect(refused.headers['retry-after']).toBe('1')
    expect(refused.headers['cache-control']).toBe('no-store')
    expect(refused.text).toContain('Too many attempts. Try again in 1 second.')
    expect(refused.text).toContain('name="password"')
    expect(refused.text).toContain('value="alice"')
  })

  it('gets slower with each failure, up to one guess a minute, and each wait ends although the guesses went on', async () => {
    const server = await open(store)
    const person = await visitor(server)
    await person.statuses(GUESS, 5)
    const waits: number[] = []
    for (let failure = 0; failure < 8; failure++) {
      const seconds = Number((await person.signIn(GUESS)).headers['retry-after'])
      waits.push(seconds)
      server.clock.advance({ seconds: seconds - 0.001 })
      expect(await person.statuses(GUESS, 2)).toEqual([WAIT, WAIT])
      server.clock.advance({ seconds: 0.001 })
      expect((await person.signIn(GUESS)).status).toBe(WRONG)
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    expect((await person.signIn(GUESS)).text).toContain('Try again in 1 minute.')
  })

  it('refuses the right password during a wait like a wrong one, and takes it after the wait', async () => {
    const server = await open(store)
    const person = await visitor(server)
    await person.statuses(GUESS, 5)
    const [right, wrong] = [await person.signIn(RIGHT), await person.signIn(GUESS)]
    expect([right.status, right.text]).toEqual([WAIT, wrong.text])
    expect(right.headers['set-cookie']).toBeUndefined()
    server.clock.advance({ seconds: 1 })
    expect((await person.signIn(RIGHT)).status).toBe(SIGNED_IN)
  })

  it('answers for a name that nobody has as for one of ours, byte by byte, at every step', async () => {
    const server = await open(store)
    const person = await visitor(server)
    const shown = async (username: string) => {
      const answers: unknown[] = []
      for (let time = 0; time < 7; time++) {
        const { status, text, headers } = await person.signIn(GUESS, { username })
        const { date, 'content-length': length, 'x-request-id': requestId, ...rest } = headers
        answers.push([status, rest, text.replace(`value="${username}"`, '')])
      }
      return answers
    }
    expect(await shown('alice')).toEqual(await shown('nobody'))
  })

  it('hashes nothing during a wait, and asks for one verification before it, whoever the name is', async () => {
    const server = await open(store)
    const authenticate = jest.spyOn(server.deps.identity, 'authenticate')
    for (const username of ['alice', 'nobody']) {
      await (await visitor(server)).statuses(GUESS, 9, { username })
      expect(authenticate).toHaveBeenCalledTimes(5)
      authenticate.mockClear()
    }
  })

  it('counts a password that is too long to hash, and nothing that was left empty', async () => {
    const server = await open(store)
    const authenticate = jest.spyOn(server.deps.identity, 'authenticate')
    const person = await visitor(server)
    expect(await person.statuses('', 10)).toEqual(Array(10).fill(WRONG))
    expect(await person.statuses(GUESS, 10, { username: ' \u3000' })).toEqual(Array(10).fill(WRONG))
    expect(authenticate).not.toHaveBeenCalled()
    expect(await person.statuses('x'.repeat(1025), 6)).toEqual([...Array(5).fill(WRONG), WAIT])
  })

  it('counts every spelling of a name as that name', async () => {
    const server = await open(store)
    const person = await visitor(server)
    for (const username of ['alice', 'Alice', ' ALICE ', 'ａｌｉｃｅ', 'alice'])
      await person.signIn(GUESS, { username })
    expect((await person.signIn(RIGHT)).status).toBe(WAIT)
  })

  it('leaves everybody else at the same address alone, and the same person at every other', async () => {
    const server = await open(store)
    await (await visitor(server)).statuses(GUESS, 10)
    const other = await visitor(server)
    expect((await other.signIn(bob.password, { username: 'bob' })).status).toBe(SIGNED_IN)
    expect((await other.signIn(RIGHT, { from: ELSEWHERE })).status).toBe(SIGNED_IN)
  })

  it('counts 20 wrong guesses at once as 20, and refuses the right one after them', async () => {
    const server = await open(store)
    expect(count(await guessFromEverywhere(server), WRONG)).toBe(20)
    const late = await (await visitor(server)).signIn(RIGHT, { from: ELSEWHERE })
    expect([late.status, late.headers['retry-after']]).toEqual([WAIT, '1'])
  })

  it('judges no more of many guesses at once than of as many one by one', async () => {
    const server = await open(store)
    const person = await visitor(server)
    const answers = await Promise.all(Array.from({ length: 20 }, () => person.signIn(GUESS)))
    expect([count(answers, WRONG), count(answers, WAIT)]).toEqual([5, 15])
    const everywhere = await guessFromEverywhere(server, 'bob', 30)
    expect([count(everywhere, WRONG), count(everywhere, WAIT)]).toEqual([20, 10])
  })

  it('refuses the right password too where the wait began while it was being verified', async () => {
    const server = await open(store)
    const [late, guesser] = [await visitor(server), await visitor(server)]
    const authenticate = server.deps.identity.authenticate
    jest.spyOn(server.deps.identity, 'authenticate').mockImplementationOnce(async (username, password) => {
      await guesser.statuses(GUESS, 5)
      return authenticate(username, password)
    })
    const answer = await late.signIn(RIGHT)
    expect([answer.status, answer.headers['set-cookie']]).toEqual([WAIT, undefined])
    server.clock.advance({ seconds: 1 })
    expect((await late.signIn(RIGHT)).status).toBe(SIGNED_IN)
  })

  it('is told to the audit log as a warning, with the account it is about and without the name that was typed', async () => {
    const server = await open(store)
    await (await visitor(server)).statuses(GUESS, 7)
    await (await visitor(server)).statuses(GUESS, 5, { username: 'some secret typed in the wrong field' })
    const told = server.events().filter(({ audit }) => audit === 'sign_in.guessing')
    const begun = { level: 'warn', network: HOME, over: 'name', failures: 5, wait: 1, client_id: 'app' }
    expect(told).toEqual([
      expect.objectContaining({ ...begun, subject: alice.sub }),
      expect.not.objectContaining({ subject: expect.anything() }),
    ])
    expect(told[1]).toMatchObject(begun)
    const failed = server.events().filter(({ audit }) => audit === 'sign_in.failed')
    expect(failed.map(({ cause }) => cause)).toEqual([
      ...Array(5).fill('wrong-username-or-password'),
      'guessing',
      'guessing',
      ...Array(5).fill('wrong-username-or-password'),
    ])
    expect(failed.every(({ network, client_id }) => network === HOME && client_id === 'app')).toBe(true)
    for (const secret of [GUESS, 'some secret typed']) expect(server.logText()).not.toContain(secret)
  })

  it('tells of an account that is guessed at from everywhere once for each wait', async () => {
    const server = await open(store)
    await guessFromEverywhere(server)
    const told = server.events().filter(({ audit }) => audit === 'sign_in.guessing')
    expect(told).toEqual([expect.objectContaining({ over: 'account', failures: 20, wait: 1, subject: alice.sub })])
  })
})

onBothStores('the address that guesses at passwords are counted by', (store) => {
  it('is the real peer by default: a made-up X-Forwarded-For changes nothing', async () => {
    const server = await open(store, {})
    const person = await visitor(server)
    for (const from of addresses(5)) expect((await person.signIn(GUESS, { from })).status).toBe(WRONG)
    expect((await person.signIn(RIGHT, { from: ELSEWHERE })).status).toBe(WAIT)
    expect((await person.signIn(RIGHT, { from: undefined })).status).toBe(WAIT)
  })

  it('is what the trusted proxy saw, not what the caller says went before (TRUST_PROXY=loopback)', async () => {
    const server = await open(store, { TRUST_PROXY: 'loopback' })
    const person = await visitor(server)
    for (const made of addresses(5)) await person.signIn(GUESS, { from: `${made}, ${HOME}` })
    expect((await person.signIn(RIGHT, { from: `192.0.2.99, ${HOME}` })).status).toBe(WAIT)
    expect((await person.signIn(RIGHT, { from: `${HOME}, ${ELSEWHERE}` })).status).toBe(SIGNED_IN)
  })
})

describe('the store that failed sign-ins are counted in', () => {
  it('is shared: two processes count together', async () => {
    const env = { TRUST_PROXY: 'true', REDIS_KEY_PREFIX: freshPrefix() }
    const [one, two] = [await open('redis', env), await open('redis', env)]
    await (await visitor(one)).statuses(GUESS, 3)
    await (await visitor(two)).statuses(GUESS, 2)
    for (const server of [one, two]) expect((await (await visitor(server)).signIn(RIGHT)).status).toBe(WAIT)
  })

  it('signs nobody in while it cannot count: before the password is hashed, and after', async () => {
    const server = await open('redis')
    const person = await visitor(server)
    const authenticate = server.deps.identity.authenticate
    jest.spyOn(server.deps.identity, 'authenticate').mockImplementationOnce(async (username, password) => {
      await servers.pop()?.close()
      return authenticate(username, password)
    })
    const start = jest.spyOn(server.deps.sessions, 'start')
    for (let time = 0; time < 2; time++) {
      const answer = await person.signIn(RIGHT)
      expect([answer.status, answer.headers['set-cookie']]).toEqual([503, undefined])
      expect(answer.headers['retry-after']).toBeDefined()
    }
    expect(start).not.toHaveBeenCalled()
  })
})
