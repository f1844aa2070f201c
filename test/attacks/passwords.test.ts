import { alice, bob } from '../helpers/fixtures.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'
import { addresses, deviceCookieOf, GUESS, HOME, SIGNED_IN, visitor, WAIT, WRONG } from '../helpers/visitor.ts'

const LAIR = '198.51.100.4'

onBothStores('attacks on passwords', (store) => {
  let server: TestServer
  beforeEach(async () => {
    server = await testServer({ store, env: { TRUST_PROXY: 'true' } })
  })
  afterEach(() => server.close())

  it('Two hundred hacked routers guess at one account: 20 guesses get an answer, and the owner’s browser is let in', async () => {
    const first = await visitor(server)
    await first.signIn(alice.password)
    const owner = await visitor(server, first.browser)
    const attacker = await visitor(server)
    const seen: number[] = []
    for (const from of addresses(200)) seen.push((await attacker.signIn(GUESS, { from })).status)
    expect(seen.filter((status) => status === WRONG)).toHaveLength(20)
    expect(seen.filter((status) => status === WAIT)).toHaveLength(180)
    expect((await owner.signIn(alice.password)).status).toBe(SIGNED_IN)
  })

  it('A guesser goes on all night to lock the owner out: a minute after the last guess any browser is let in', async () => {
    const attacker = await visitor(server)
    let night = 0
    for (const from of addresses(60)) {
      const answer = await attacker.signIn(GUESS, { from })
      const wait = Number(answer.headers['retry-after'] ?? 0)
      expect(wait).toBeLessThanOrEqual(60)
      server.clock.advance({ seconds: wait })
      night += wait
    }
    expect(night).toBeGreaterThan(600)
    server.clock.advance({ seconds: 60 })
    expect((await (await visitor(server)).signIn(alice.password)).status).toBe(SIGNED_IN)
  })

  it('A guesser with an account of their own signs in to it between guesses: it clears nothing of what they failed', async () => {
    const attacker = await visitor(server)
    const own = { username: bob.username, from: LAIR }
    for (let guess = 0; guess < 5; guess++) {
      expect((await attacker.signIn(GUESS, { from: LAIR })).status).toBe(WRONG)
      expect((await attacker.signIn(bob.password, own)).status).toBe(SIGNED_IN)
    }
    expect((await attacker.signIn(GUESS, { from: LAIR })).status).toBe(WAIT)
  })

  it('A guesser shows the device cookie of their own account at every other, and counts as a stranger there', async () => {
    const attacker = await visitor(server)
    const device = deviceCookieOf(await attacker.signIn(bob.password, { username: bob.username })) as string
    const seen: number[] = []
    for (const from of addresses(25)) seen.push((await attacker.signIn(GUESS, { from, device })).status)
    expect(seen).toEqual([...Array(20).fill(WRONG), ...Array(5).fill(WAIT)])
  })

  it('A guesser has copied the owner’s device cookie: it is worth five guesses, from however many addresses', async () => {
    const owner = await visitor(server)
    const device = deviceCookieOf(await owner.signIn(alice.password)) as string
    const attacker = await visitor(server)
    const seen: number[] = []
    for (const from of addresses(8)) seen.push((await attacker.signIn(GUESS, { from, device })).status)
    expect(seen).toEqual([...Array(5).fill(WRONG), ...Array(3).fill(WAIT)])
  })

  it('A guesser sprays one password over many names: told to the audit log, and one guess for each name at the most', async () => {
    const attacker = await visitor(server)
    for (let name = 0; name < 50; name++) await attacker.signIn(GUESS, { username: `name-${name}`, from: LAIR })
    expect(server.events()).toContainEqual(
      expect.objectContaining({ audit: 'sign_in.guessing', network: LAIR, over: 'network', failures: 50 }),
    )
    for (const username of ['alice', 'another-name']) {
      expect(await attacker.statuses(GUESS, 2, { username, from: LAIR })).toEqual([WAIT, WAIT])
    }
    // Who did nothing wrong behind the same address is not the one to wait.
    expect((await attacker.signIn(bob.password, { username: bob.username, from: LAIR })).status).toBe(SIGNED_IN)
  })

  it('A stranger looks for names that exist by when the waiting begins, at one address and from many: it tells nothing', async () => {
    const told = async (username: string, froms: string[]) => {
      const one = await visitor(server)
      const seen: unknown[] = []
      for (const from of froms) {
        const { status, headers } = await one.signIn(GUESS, { username, from })
        seen.push([status, headers['retry-after'], headers['set-cookie']])
      }
      return seen
    }
    expect(await told('alice', Array(7).fill(HOME))).toEqual(await told('nobody', Array(7).fill(HOME)))
    expect(await told('bob', addresses(25))).toEqual(await told('nobody-else', addresses(25)))
  })

  it('A name that grows to a hundred thousand characters, or one of none that can be seen, costs no more than another and is not written down', async () => {
    const attacker = await visitor(server)
    const long = 'ﷺ'.repeat(6000)
    expect(await attacker.statuses(GUESS, 6, { username: long })).toEqual([...Array(5).fill(WRONG), WAIT])
    expect(await attacker.statuses(GUESS, 6, { username: '\u200b}{\r\n' })).toEqual([...Array(5).fill(WRONG), WAIT])
    expect(server.logText()).not.toContain('ﷺ')
  })
})
