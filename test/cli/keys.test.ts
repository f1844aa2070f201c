import { readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint } from 'jose'
import { readSigningKeys } from '../../src/config/signing-keys.ts'
import { buildCli, type Cli } from '../helpers/cli.ts'
import { algorithms, key, privateJwks } from '../helpers/signing-keys.ts'

let cli: Cli
beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())

const keys = (line: string, stdin?: string) =>
  cli.run(['keys', ...line.split(' ')], stdin === undefined ? {} : { stdin })
const states = (jwks: string) => readSigningKeys(jwks).map(({ kid, alg, status }) => `${kid} ${alg} ${status}`)

describe('latchkey keys generate', () => {
  it('prints a private JWKS with one active ES256 key, named by its thumbprint (RFC 7638), on one line', async () => {
    const { code, stdout, stderr } = await keys('generate')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^\{"keys":\[\{[^\n]+\}\]\}\n$/)
    const [made] = readSigningKeys(stdout)
    expect(made).toMatchObject({ alg: 'ES256', status: 'active', retiredAt: undefined })
    expect(made?.kid).toBe(await calculateJwkThumbprint(made?.jwk ?? {}))
  })

  it.each(algorithms)('makes a key for %s of the given name', async (alg) => {
    const { stdout } = await keys(`generate --alg ${alg} --kid 2026-11`)
    expect(states(stdout)).toEqual([`2026-11 ${alg} active`])
  })

  it('makes a key of each algorithm, the default first', async () => {
    const { stdout } = await keys('generate --alg ES256 --alg RS256')
    expect(readSigningKeys(stdout).map(({ alg, status }) => `${alg} ${status}`)).toEqual([
      'ES256 active',
      'RS256 active',
    ])
  })

  it('makes RSA keys of 3072 bits', async () => {
    const { stdout } = await keys('generate --alg RS256')
    const { n } = (JSON.parse(stdout) as { keys: Array<{ n: string }> }).keys[0] ?? { n: '' }
    expect(Buffer.from(n, 'base64url')).toHaveLength(3072 / 8)
  })

  it.each([
    ['--alg es256', '--alg must be one of ES256, EdDSA, RS256, PS256; did you mean ES256?'],
    ['--alg HS512', '--alg must be one of ES256, EdDSA, RS256, PS256'],
    ['--alg RS256 --alg RS256', '--alg names an algorithm twice'],
    ['--alg ES256 --alg RS256 --kid x', '--kid names one key, so it goes with one --alg'],
    ['--kid a/b', '--kid must be 1 to 128 letters, digits and . _ ~ -'],
  ])('refuses %s', async (line, message) => {
    const { code, stdout, stderr } = await keys(`generate ${line}`)
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toMatch(new RegExp(`^latchkey: ${message}`))
  })
})

describe('latchkey keys rotate', () => {
  it('publishes the next key first, makes it active then, and keeps the order', async () => {
    const first = (await keys('generate --kid first --alg EdDSA')).stdout
    const published = await keys('rotate --kid second', first)
    expect(states(published.stdout)).toEqual(['first EdDSA active', 'second EdDSA pending'])
    expect(published.stderr).toContain('wait at least 5 minutes')

    const before = Math.floor(Date.now() / 1000)
    const activated = await keys('rotate --activate', published.stdout)
    expect(states(activated.stdout)).toEqual(['first EdDSA retired', 'second EdDSA active'])
    const retiredAt = readSigningKeys(activated.stdout)[0]?.retiredAt as number
    expect(retiredAt).toBeGreaterThanOrEqual(before)
    expect(retiredAt).toBeLessThanOrEqual(Date.now() / 1000)
  })

  it('starts from a plain JWKS, and changes the algorithm where that is asked for', async () => {
    const plain = privateJwks(await key('now', undefined), await key('older', undefined))
    const { stdout } = await keys('rotate --alg PS256 --kid next', plain)
    expect(states(stdout)).toEqual(['now ES256 active', 'older ES256 retired', 'next PS256 pending'])
  })

  it('rotates an algorithm by itself, and leaves the default where it is', async () => {
    const both = privateJwks(await key('es', 'active'), await key('rsa', 'active', { alg: 'RS256' }))
    const published = await keys('rotate --kid es-2', (await keys('rotate --alg RS256 --kid rsa-2', both)).stdout)
    expect(states(published.stdout)).toEqual([
      'es ES256 active',
      'es-2 ES256 pending',
      'rsa RS256 active',
      'rsa-2 RS256 pending',
    ])
    const activated = await keys('rotate --activate --alg RS256', published.stdout)
    expect(states(activated.stdout)).toEqual([
      'es ES256 active',
      'es-2 ES256 pending',
      'rsa RS256 retired',
      'rsa-2 RS256 active',
    ])
    const done = await keys('rotate --activate', activated.stdout)
    expect(states(done.stdout)).toEqual([
      'es ES256 retired',
      'es-2 ES256 active',
      'rsa RS256 retired',
      'rsa-2 RS256 active',
    ])
  })

  it('adds an algorithm beside the default one, or makes it the default', async () => {
    const published = await keys('rotate --alg RS256 --kid rsa', privateJwks(await key('es', 'active')))
    expect(states((await keys('rotate --activate', published.stdout)).stdout)).toEqual([
      'es ES256 active',
      'rsa RS256 active',
    ])
    expect(states((await keys('rotate --activate --default', published.stdout)).stdout)).toEqual([
      'rsa RS256 active',
      'es ES256 active',
    ])
  })

  it('names the ways to tell several pending keys apart', async () => {
    const jwks = privateJwks(
      await key('es', 'active'),
      await key('es-2', 'pending'),
      await key('rsa', 'pending', { alg: 'RS256' }),
    )
    const which = await keys('rotate --activate', jwks)
    expect([which.code, which.stdout]).toEqual([65, ''])
    expect(which.stderr).toContain('several keys are pending (es-2, rsa); name one of them with --kid or --alg')
    const none = await keys('rotate --activate --alg EdDSA', jwks)
    expect([none.code, none.stdout]).toEqual([65, ''])
    expect(none.stderr).toContain('no EdDSA key is pending')
  })

  it('drops only those keys that have been retired for longer than --max-age', async () => {
    const now = Math.floor(Date.now() / 1000)
    const jwks = privateJwks(
      await key('long-ago', 'retired', { retired_at: now - 7300 }),
      await key('lately', 'retired', { retired_at: now - 7000 }),
      await key('who-knows', 'retired'),
      await key('now', 'active'),
    )
    const { stdout } = await keys('rotate --max-age 7200 --kid next', jwks)
    expect(states(stdout).map((state) => state.split(' ')[0])).toEqual(['lately', 'who-knows', 'now', 'next'])
  })

  it('--in-place replaces the file, readable by its owner only, leaves nothing else behind, and shows no secret', async () => {
    const file = await cli.write('keys.json', (await keys('generate --kid first')).stdout)
    const before = readdirSync(cli.folder)
    const { code, stdout } = await keys(`rotate --file ${file} --in-place --kid second`)
    expect([code, stdout]).toEqual([0, 'first   ES256  active\nsecond  ES256  pending\n'])
    expect(states(await cli.read('keys.json'))).toEqual(['first ES256 active', 'second ES256 pending'])
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
    expect(readdirSync(cli.folder)).toEqual(before)

    const list = await keys(`rotate --file ${file} --in-place --activate --json`)
    expect(JSON.parse(list.stdout)).toEqual({
      keys: [
        { kid: 'first', alg: 'ES256', status: 'retired', retired_at: expect.any(Number) },
        { kid: 'second', alg: 'ES256', status: 'active' },
      ],
    })
  })

  it('--in-place through a link replaces what it leads to, as mounted secrets are links', async () => {
    await cli.write('real.json', (await keys('generate --kid first')).stdout)
    symlinkSync('real.json', join(cli.folder, 'link.json'))
    expect((await keys(`rotate --file ${join(cli.folder, 'link.json')} --in-place --kid second`)).code).toBe(0)
    expect(states(await cli.read('real.json'))).toHaveLength(2)
    expect(states(await cli.read('link.json'))).toHaveLength(2)
  })

  it.each([
    ['--activate', 'no key is pending; publish the next one first', ['active']],
    ['', 'the key two is pending already; --activate makes it the one that signs', ['active', 'pending']],
    [
      '--activate',
      'several keys are pending (two, three); name one of them with --kid',
      ['active', 'pending', 'pending'],
    ],
    ['--activate --kid one', 'no pending key has the kid one', ['active', 'pending']],
    ['--kid one', 'a key has the kid one already; names are never used again', ['active']],
  ] as const)('%s is refused with 65: %s', async (line, message, statuses) => {
    const list = await Promise.all(
      statuses.map((status, index) => key(['one', 'two', 'three'][index] as string, status)),
    )
    const { code, stdout, stderr } = await keys(`rotate ${line}`.trim(), privateJwks(...list))
    expect([code, stdout]).toEqual([65, ''])
    expect(stderr).toContain(`latchkey: ${message}`)
  })

  it.each([
    ['--in-place', '--in-place needs --file'],
    ['--default', '--default goes with --activate'],
    ['--max-age 1h', '--max-age must be a whole number of seconds'],
  ])('%s is refused with 64', async (line, message) => {
    expect(await keys(`rotate ${line}`)).toEqual({ code: 64, stdout: '', stderr: `latchkey: ${message}\n` })
  })

  it('leaves a file with problems as it was and names every one of them', async () => {
    const text = privateJwks({ ...(await key('one', 'active')), status: 'live' }, [])
    const file = await cli.write('broken.json', text)
    const { code, stderr } = await keys(`rotate --file ${file} --in-place`)
    expect(code).toBe(65)
    expect(stderr).toBe(
      `latchkey: ${file} keys[0] has the status "live"; it must be one of pending, active, retired\n` +
        `latchkey: ${file} keys[1] must be an object\n`,
    )
    expect(await cli.read('broken.json')).toBe(text)
  })
})

describe('latchkey keys list', () => {
  it('shows name, algorithm and status and nothing private', async () => {
    const jwks = privateJwks(await key('old', 'retired', { retired_at: 1_700_000_000 }), await key('now', 'active'))
    const { code, stdout } = await keys('list', jwks)
    expect(code).toBe(0)
    expect(stdout).toBe('old  ES256  retired since 2023-11-14T22:13:20.000Z\nnow  ES256  active\n')
    expect(JSON.parse((await keys('list --json', jwks)).stdout)).toEqual({
      keys: [
        { kid: 'old', alg: 'ES256', status: 'retired', retired_at: 1_700_000_000 },
        { kid: 'now', alg: 'ES256', status: 'active' },
      ],
    })
  })

  it.each([
    ['{}', 'the private JWKS must be a JWKS: {"keys":[...]}'],
    ['', 'the private JWKS must be JSON: it ends too early'],
  ])('says what is wrong with %j', async (stdin, message) => {
    const { code, stdout, stderr } = await keys('list', stdin)
    expect([code, stdout]).toEqual([65, ''])
    expect(stderr).toContain(`latchkey: ${message}`)
  })
})
