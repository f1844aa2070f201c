import { setImmediate } from 'node:timers/promises'
import { createClientLogos, LOGO_FETCH } from '../../src/clients/client-logos.ts'
import { createSafeFetchBytes, FetchRefused } from '../../src/lib/safe-fetch.ts'
import { makeCertificate } from '../helpers/certificate.ts'
import { createTestClock, type TestClock } from '../helpers/clock.ts'
import { type DocumentServer, documentServer } from '../helpers/document-server.ts'
import { pictureOf, pictures } from '../helpers/pictures.ts'
import { until } from '../helpers/until.ts'

const MINUTE = 60
const DAY = 86_400

let server: DocumentServer
let clock: TestClock
let warnings: Array<{ client_id: string; reason: string }>
let logger: { warn(about: unknown): void }
/** The addresses fetched so far; noted at once, before any of it reaches a server. */
let fetched: string[]
beforeEach(async () => {
  server = await documentServer()
  clock = createTestClock()
  // What a test leaves under way tells its own list, and not that of the next one.
  const own: typeof warnings = []
  warnings = own
  logger = { warn: (about) => void own.push(about as (typeof own)[number]) }
  fetched = []
})
afterEach(() => server.close())

const logosBy = (options: Partial<Parameters<typeof createSafeFetchBytes>[0]> = {}) => {
  const fetchBytes = createSafeFetchBytes({ allowLoopback: true, ...LOGO_FETCH, ...options })
  const noted = fetched
  const fetchNoted = (url: string) => {
    noted.push(new URL(url).pathname)
    return fetchBytes(url)
  }
  return createClientLogos({ fetchBytes: fetchNoted, clock, logger })
}
const client = (path = '/logo') => ({ client_id: 'app', logo_uri: `http://127.0.0.1:${server.port}${path}` })
const giving = (body: Buffer | string, type = 'image/png') =>
  server.answer((_req, res) => void res.writeHead(200, { 'Content-Type': type }).end(body))

describe('the logo of a client', () => {
  it('is none where the client has no logo_uri, and nothing is fetched', () => {
    const logos = createClientLogos({ fetchBytes: () => Promise.reject(new Error('nobody asks')), clock, logger })
    expect(logos.logoOf({ client_id: 'app' })).toBeUndefined()
  })

  it.each(Object.entries(pictures))('may be %s, told by its first bytes', async (type, bytes) => {
    giving(bytes, 'text/html')
    const logos = logosBy()
    expect(logos.logoOf(client())).toBeUndefined()
    await until(() => logos.logoOf(client()) !== undefined)
    const digest = logos.logoOf(client()) as string
    expect(digest).toMatch(/^[\w-]{43}$/)
    expect(logos.find(digest)).toEqual({ type, bytes })
    expect(server.requests[0]?.headers.accept).toBe('image/avif, image/webp, image/png, image/jpeg, image/gif')
    expect(server.requests[0]?.headers.cookie).toBeUndefined()
  })

  it.each([
    ['a page', '<!doctype html><script>alert(1)</script>'],
    ['a page behind a comment', 'GIF<!-- -->'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['SVG with its prolog', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['nothing', ''],
    ['the first bytes of a picture, but not all of them', Buffer.from('89504e47', 'hex')],
    ['another RIFF', 'RIFF\x1a\x00\x00\x00WAVEfmt '],
    ['another MP4', '\x00\x00\x00\x1cftypisom'],
    ['a bitmap', 'BM\x00\x00'],
  ])('may not be %s, whatever it calls itself', async (_what, body) => {
    giving(body)
    const logos = logosBy()
    expect(logos.logoOf(client())).toBeUndefined()
    await until(() => warnings.length > 0)
    expect(logos.logoOf(client())).toBeUndefined()
    expect(warnings).toEqual([{ client_id: 'app', reason: expect.stringContaining('it is no picture of the types') }])
  })

  it('may have 128 KB and no byte more', async () => {
    const logos = logosBy()
    giving(pictureOf(131_072))
    await until(() => logos.logoOf(client('/small')) !== undefined)
    giving(pictureOf(131_073))
    logos.logoOf(client('/large'))
    await until(() => warnings.length > 0)
    expect(warnings).toEqual([{ client_id: 'app', reason: 'it is larger than 131072 bytes' }])
  })

  it('is not looked for elsewhere: a redirect is refused', async () => {
    server.answer((req, res) => {
      if (req.url === '/elsewhere') res.end(pictures['image/png'])
      else res.writeHead(302, { Location: '/elsewhere' }).end(pictures['image/png'])
    })
    const logos = logosBy()
    logos.logoOf(client())
    await until(() => warnings.length > 0)
    expect(warnings).toEqual([{ client_id: 'app', reason: 'it answers 302, not 200' }])
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['http://127.0.0.1/logo', 'it is not https'],
    ['https://127.0.0.1/logo', 'it leads to 127.0.0.1, which is not public'],
    ['https://10.0.0.1/logo', 'it leads to 10.0.0.1, which is not public'],
    ['https://[fd00::1]/logo', 'it leads to fd00::1, which is not public'],
    ['https://logos.example/logo', 'it leads to 169.254.169.254, which is not public'],
  ])('is not fetched from %s in production', async (logo_uri, reason) => {
    const resolve = async () => [{ address: '169.254.169.254', family: 4 }]
    const logos = logosBy({ allowLoopback: false, resolve })
    logos.logoOf({ client_id: 'app', logo_uri })
    await until(() => warnings.length > 0)
    expect(warnings).toEqual([{ client_id: 'app', reason }])
    expect(server.requests).toHaveLength(0)
  })

  it('comes over TLS from the host that its certificate names', async () => {
    const certificate = makeCertificate('logos.example')
    const secure = await documentServer(certificate)
    secure.answer((_req, res) => void res.end(pictures['image/png']))
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
    const logos = logosBy({ allowLoopback: false, isAllowed: () => true, ca: certificate.cert, resolve })
    const at = (host: string) => ({ client_id: host, logo_uri: `https://${host}:${secure.port}/logo` })
    logos.logoOf(at('other.example'))
    await until(() => warnings.length > 0)
    expect(warnings).toEqual([{ client_id: 'other.example', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' }])
    await until(() => logos.logoOf(at('logos.example')) !== undefined)
    await secure.close()
  })
})

describe('what is fetched when', () => {
  /** A server that answers nobody until it is let. */
  const holdBack = () => {
    const waiting: Array<() => void> = []
    server.answer((_req, res) => void waiting.push(() => void res.end(pictures['image/png'])))
    return waiting
  }

  it('waits for nobody: while a server is slow there is simply no logo, and it is asked once', async () => {
    const waiting = holdBack()
    const logos = logosBy()
    for (let round = 0; round < 3; round++) expect(logos.logoOf(client())).toBeUndefined()
    await until(() => waiting.length > 0)
    clock.advance({ seconds: DAY })
    expect(logos.logoOf(client())).toBeUndefined()
    waiting[0]?.()
    await until(() => logos.logoOf(client()) !== undefined)
    expect(fetched).toEqual(['/logo'])
  })

  it('asks four servers at once and no more; the next one has its turn with a later page', async () => {
    const waiting = holdBack()
    const logos = logosBy()
    const first = ['/1', '/2', '/3', '/4']
    for (const path of [...first, '/5', '/6']) logos.logoOf(client(path))
    expect(fetched).toEqual(first)
    await until(() => waiting.length === 4)
    waiting[0]?.()
    await until(() => first.some((path) => logos.logoOf(client(path)) !== undefined))
    await until(() => {
      logos.logoOf(client('/5'))
      logos.logoOf(client('/6'))
      return fetched.length > 4
    })
    expect(fetched).toEqual([...first, '/5'])
    await until(() => waiting.length === 5)
    for (const answer of waiting) answer()
  })

  it('a logo is good for a day and is shown on while it is fetched anew', async () => {
    giving(pictures['image/png'])
    const logos = logosBy()
    await until(() => logos.logoOf(client()) !== undefined)
    const first = logos.logoOf(client()) as string
    clock.advance({ seconds: DAY - 1 })
    giving(pictures['image/gif'])
    expect(logos.logoOf(client())).toBe(first)
    expect(fetched).toHaveLength(1)
    clock.advance({ seconds: 1 })
    expect(logos.logoOf(client())).toBe(first)
    await until(() => logos.logoOf(client()) !== first)
    expect(logos.find(logos.logoOf(client()) as string)?.type).toBe('image/gif')
    // A page that was shown before still finds the picture it names.
    expect(logos.find(first)?.type).toBe('image/png')
    expect(fetched).toHaveLength(2)
  })

  it('after a failure the address is left alone for ten minutes, and the log is told once', async () => {
    let reason = 'it answers 404, not 200'
    let tries = 0
    const fetchBytes = async () => {
      tries += 1
      throw new FetchRefused(reason)
    }
    const logos = createClientLogos({ fetchBytes, clock, logger })
    const triesAfter = async (seconds: number) => {
      clock.advance({ seconds })
      logos.logoOf(client())
      // The failure is a matter of microtasks, which are done by then.
      await setImmediate()
      return tries
    }
    expect(await triesAfter(0)).toBe(1)
    expect(await triesAfter(10 * MINUTE - 1)).toBe(1)
    expect(await triesAfter(1)).toBe(2)
    expect(warnings).toEqual([{ client_id: 'app', reason: 'it answers 404, not 200' }])
    reason = 'ENOTFOUND'
    expect(await triesAfter(10 * MINUTE)).toBe(3)
    expect(await triesAfter(10 * MINUTE)).toBe(4)
    expect(warnings.slice(1)).toEqual([{ client_id: 'app', reason: 'ENOTFOUND' }])
  })

  it('a failure after a good answer takes nothing away', async () => {
    giving(pictures['image/png'])
    const logos = logosBy()
    await until(() => logos.logoOf(client()) !== undefined)
    const first = logos.logoOf(client())
    clock.advance({ seconds: DAY })
    server.answer((_req, res) => void res.writeHead(500).end())
    expect(logos.logoOf(client())).toBe(first)
    await until(() => warnings.length === 1)
    expect(logos.logoOf(client())).toBe(first)
    expect(fetched).toHaveLength(2)
    clock.advance({ seconds: 10 * MINUTE })
    expect(logos.logoOf(client())).toBe(first)
    expect(fetched).toHaveLength(3)
  })

  it('two addresses with one picture have two digests, and two clients with one address have one', async () => {
    giving(pictures['image/png'])
    const logos = logosBy()
    const all = [client('/a'), client('/b'), { ...client('/a'), client_id: 'other' }]
    await until(() => all.every((one) => logos.logoOf(one) !== undefined))
    const [a, b, again] = all.map((one) => logos.logoOf(one))
    expect(b).not.toBe(a)
    expect(again).toBe(a)
    expect(fetched).toEqual(['/a', '/b'])
  })

  it('a picture that had to make room for others is fetched again, ten minutes later at the earliest', async () => {
    const logos = createClientLogos({ fetchBytes: async () => pictureOf(131_072), clock, logger })
    const at = (index: number) => ({ client_id: 'app', logo_uri: `https://logos.example/${index}` })
    const held = async (index: number) => {
      await until(() => logos.logoOf(at(index)) !== undefined)
      return logos.logoOf(at(index)) as string
    }
    const first = await held(0)
    // 128 pictures of 128 KB are all of the 16 MB.
    for (let index = 1; index <= 127; index++) await held(index)
    expect(logos.find(first)).toBeDefined()
    for (let index = 1; index <= 128; index++) await held(index)
    expect(logos.find(first)).toBeUndefined()
    expect(logos.logoOf(at(0))).toBeUndefined()
    await held(128)
    expect(logos.logoOf(at(0))).toBeUndefined()
    clock.advance({ seconds: 10 * MINUTE })
    expect(await held(0)).toBe(first)
  })
})
