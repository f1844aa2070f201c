import { createServer } from 'node:http'
import { buildCli, type Cli } from '../helpers/cli.ts'
import { closePort, listen, openPort } from '../helpers/listen.ts'
import { redisCommand } from '../helpers/redis-command.ts'
import { startRedisServer } from '../helpers/redis-server.ts'
import { type Deployment, type Habits, type Passing, startDeployment } from '../helpers/rewriting-proxy.ts'
import { testEnvironment } from '../helpers/server.ts'
import { key } from '../helpers/signing-keys.ts'

interface Report {
  url: string
  ok: boolean
  findings: Array<{ name: string; level: 'ok' | 'warning' | 'problem'; message: string; advice?: string }>
}

const CLIENT = ['--client-id', 'app', '--redirect-uri', 'https://app.example/callback']
const METADATA = '/.well-known/oauth-authorization-server'
const DAY = 24 * 60 * 60 * 1000

let cli: Cli
let deployment: Deployment
beforeAll(async () => {
  cli = await buildCli()
  deployment = await startDeployment()
  await cli.write('ca.pem', deployment.certificate)
})
afterAll(async () => {
  await deployment?.close()
  await cli?.remove()
})

const examine = async (url: string, more: readonly string[] = CLIENT, ca = 'ca.pem') => {
  const env = { NODE_EXTRA_CA_CERTS: `${cli.folder}/${ca}` }
  const { code, stdout, stderr } = await cli.run(['doctor', url, '--json', ...more], { env })
  expect(stderr).toBe('')
  const report = JSON.parse(stdout) as Report
  return { code, report, wrong: report.findings.filter(({ level }) => level !== 'ok') }
}

/** Rewrites the metadata and nothing else. */
const inMetadata = (change: (document: Record<string, unknown>) => object): Habits => ({
  answer: ({ path, body }) =>
    path === METADATA || path === '/.well-known/openid-configuration'
      ? { body: JSON.stringify({ ...JSON.parse(body), ...change(JSON.parse(body)) }) }
      : {},
})

/** Rewrites the answers of one path. */
const answersOf = (start: string, change: (passing: Passing) => ReturnType<NonNullable<Habits['answer']>>): Habits => ({
  answer: (passing) => (passing.path.startsWith(start) ? change(passing) : {}),
})

const without =
  (name: string) =>
  ({ headers }: Passing) => {
    const { [name]: _, ...rest } = headers
    return { headers: rest }
  }

describe('latchkey doctor', () => {
  it('finds nothing wrong with a clean deployment behind a proxy that changes nothing', async () => {
    deployment.behave({})
    const { code, report, wrong } = await examine(deployment.url)
    expect([code, report.ok, wrong]).toEqual([0, true, []])
    expect(report.findings.map(({ name }) => name)).toEqual(expect.arrayContaining(['certificate', 'pkce', 'cookies']))
  })

  it.each<[string, () => Habits | Promise<Habits>]>([
    ['issuer', () => inMetadata(() => ({ issuer: 'https://other.example' }))],
    ['issuer-slash', () => inMetadata(({ issuer }) => ({ issuer: `${issuer}/` }))],
    [
      'endpoint-origin',
      () => inMetadata(({ token_endpoint }) => ({ token_endpoint: String(token_endpoint).replace('https', 'http') })),
    ],
    ['endpoint', () => answersOf('/oauth/userinfo', () => ({ status: 502, body: 'Bad Gateway' }))],
    ['page-headers', () => answersOf('/oauth/authorize', without('content-security-policy'))],
    [
      'cookies',
      () =>
        answersOf('/oauth/authorize', ({ headers }) => ({
          headers: {
            ...headers,
            'set-cookie': [headers['set-cookie'] ?? []]
              .flat()
              .map((cookie) => String(cookie).replace('; HttpOnly; Secure', '')),
          },
        })),
    ],
    [
      'cors-token',
      () =>
        answersOf('/oauth/token', ({ headers }) => ({
          headers: { ...headers, 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true' },
        })),
    ],
    [
      'clock',
      () => ({
        answer: ({ headers }) => ({ headers: { ...headers, date: new Date(Date.now() - 5 * 60_000).toUTCString() } }),
      }),
    ],
    [
      'jwks-private',
      async () => {
        const { d } = await key('leaked', 'active')
        return answersOf('/.well-known/jwks.json', ({ body }) => {
          const { keys } = JSON.parse(body) as { keys: object[] }
          return { body: JSON.stringify({ keys: keys.map((one) => ({ ...one, d })) }) }
        })
      },
    ],
    [
      'pkce',
      () => ({
        forward: (path) =>
          path.startsWith('/oauth/authorize?response_type') && !path.includes('code_challenge')
            ? `${path}&code_challenge=${'A'.repeat(43)}&code_challenge_method=S256`
            : path,
      }),
    ],
    [
      'forwarded-host',
      () => ({
        answer: ({ asked, body }) => {
          const host = asked['x-forwarded-host']
          return host === undefined ? {} : { body: body.replaceAll(new URL(deployment.url).host, String(host)) }
        },
      }),
    ],
    ['metrics', () => answersOf('/metrics', () => ({ status: 200, body: '# HELP requests_total\n' }))],
    [
      'unknown-client',
      () =>
        answersOf('/oauth/authorize', ({ path, headers }) =>
          path.includes('not-registered')
            ? { status: 302, headers: { ...headers, location: 'https://app.example/' } }
            : {},
        ),
    ],
    ['token-cache', () => answersOf('/oauth/token', without('cache-control'))],
    [
      'token-method',
      () => answersOf('/oauth/token', ({ method }) => (method === 'GET' ? { status: 200, body: 'hello' } : {})),
    ],
    [
      'readyz',
      () =>
        answersOf('/readyz', () => ({
          status: 503,
          body: '{"status":"unavailable","reasons":["Redis: out of reach: ECONNREFUSED"]}',
        })),
    ],
  ])('%s: is the one problem that is found where it is planted', async (name, habits) => {
    deployment.behave(await habits())
    const { code, wrong } = await examine(deployment.url)
    expect([...new Set(wrong.filter(({ level }) => level === 'problem').map((finding) => finding.name))]).toEqual([
      name,
    ])
    expect(code).toBe(1)
    for (const { advice } of wrong) expect(advice).not.toBe('')
  })

  it('warns of a body that was written anew, and of headers that are too long for the proxy', async () => {
    deployment.behave({
      answer: ({ asked, headers }) => {
        const { 'content-length': _, ...rest } = headers
        return (asked.cookie?.length ?? 0) > 4096 ? { status: 431 } : { headers: rest }
      },
    })
    const { code, wrong } = await examine(deployment.url)
    expect(wrong.map(({ name, level }) => [name, level])).toEqual([
      ['large-headers', 'warning'],
      ['bodies', 'warning'],
    ])
    expect(code).toBe(0)
  })

  it.each([
    ['expired', 'problem', -10],
    ['soon to expire', 'warning', 5],
  ])('a certificate that is %s is a %s', async (_, level, days) => {
    const until = new Date(Date.now() + days * DAY).toISOString().replace(/^20|[-T:]|\.\d+/g, '')
    const other = await startDeployment({ until })
    try {
      await cli.write('other.pem', other.certificate)
      const { wrong } = await examine(other.url, CLIENT, 'other.pem')
      expect(wrong.map((finding) => [finding.name, finding.level])).toEqual([['certificate', level]])
    } finally {
      await other.close()
    }
  })

  it('a certificate that nobody vouches for is a problem, and hides no other', async () => {
    deployment.behave(answersOf('/metrics', () => ({ status: 200 })))
    const { stdout } = await cli.run(['doctor', deployment.url, '--json', ...CLIENT])
    const { findings } = JSON.parse(stdout) as Report
    expect(findings.flatMap(({ name, level }) => (level === 'problem' ? name : []))).toEqual(['certificate', 'metrics'])
  })

  it('of an issuer with a path, finds that a proxy does not forward the place before it', async () => {
    const tenant = await startDeployment({ path: '/tenant' })
    try {
      await cli.write('tenant.pem', tenant.certificate)
      expect((await examine(tenant.url, CLIENT, 'tenant.pem')).wrong).toEqual([])
      tenant.behave(answersOf('/.well-known/', () => ({ status: 404, body: 'not here' })))
      const { code, wrong } = await examine(tenant.url, CLIENT, 'tenant.pem')
      expect([code, new Set(wrong.map(({ name }) => name))]).toEqual([1, new Set(['metadata'])])
      expect(wrong[0]?.message).toContain(`${METADATA}/tenant gives 404`)
    } finally {
      await tenant.close()
    }
  })

  it('without a client it says what it could not check; a slash at the end of the address does not count', async () => {
    deployment.behave({})
    const { code, wrong } = await examine(`${deployment.url}/`, [])
    expect([code, wrong.map(({ name, level }) => [name, level])]).toEqual([
      0,
      [
        ['pkce', 'warning'],
        ['cookies', 'warning'],
      ],
    ])
  })

  it('a client that is not registered there is a problem of its own', async () => {
    deployment.behave({})
    const { wrong } = await examine(deployment.url, ['--client-id', 'nobody', '--redirect-uri', 'https://app.example/'])
    expect(wrong.map(({ name }) => name)).toEqual(['client'])
  })

  it('examines a server on this machine over http, and prints for people', async () => {
    const server = await listen()
    const { code, stdout, stderr } = await cli.run(['doctor', server.issuer, ...CLIENT])
    await server.close()
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^ {2}ok {7}issuer +the issuer is the address$/m)
    expect(stdout).toMatch(/\n0 problems, 0 warnings, \d+ ok\n$/)
  })

  it('examines the Redis that its environment names, and tells what that puts at risk', async () => {
    const redis = await startRedisServer({ settings: ['--maxmemory-policy', 'allkeys-lru'] })
    const { url, port } = redis
    const server = testEnvironment({ env: { REDIS_URL: url } })
    const env = Object.fromEntries(Object.entries(server).flatMap(([name, value]) => (value ? [[name, value]] : [])))
    const given = { NODE_EXTRA_CA_CERTS: `${cli.folder}/ca.pem` }
    const ofRedis = async (more: Record<string, string>) => {
      const { code, stdout } = await cli.run(['doctor', deployment.url, '--json', ...CLIENT], {
        env: { ...given, ...more },
      })
      const { findings } = JSON.parse(stdout) as Report
      return { code, found: findings.filter(({ name }) => name === 'redis') }
    }
    deployment.behave({})
    const policy = await ofRedis(env)
    expect(policy.found.map(({ message }) => message)).toContainEqual(expect.stringContaining('maxmemory-policy'))
    await redisCommand(port, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    const fine = await ofRedis(env)
    expect([fine.code, fine.found[0]]).toEqual([
      0,
      { name: 'redis', level: 'ok', message: `Redis at 127.0.0.1:${port} answers and takes writes` },
    ])
    expect(fine.found.filter(({ message }) => message.includes('maxmemory-policy'))).toEqual([])
    const broken = await ofRedis({ ...env, PORT: 'none' })
    expect(broken.found.map(({ level, message }) => [level, /was not examined/.test(message)])).toEqual([
      ['warning', true],
    ])
    await redis.stop()
    const away = await ofRedis({ ...env, REDIS_URL: url.replace('redis://', 'redis://:hunter2@') })
    expect([away.code, away.found.map(({ level }) => level)]).toEqual([1, ['problem']])
    expect(away.found[0]?.message).toContain('ECONNREFUSED')
  })

  it('says of an address where nobody answers that it cannot be reached, and of another server that it is none', async () => {
    const other = createServer((_req, res) => res.writeHead(404).end())
    const url = `http://127.0.0.1:${await openPort(other)}`
    expect((await examine(url)).wrong.map(({ name }) => name)).toEqual(['metadata'])
    await closePort(other)
    const { code, wrong } = await examine(url)
    expect([code, wrong.map(({ name }) => name)]).toEqual([1, ['reachable']])
    expect(wrong[0]?.message).toContain('ECONNREFUSED')
  })

  it.each([
    [['doctor'], 'give the address of the deployment'],
    [['doctor', 'auth.example'], 'give the address of the deployment'],
    [['doctor', 'https://user:secret@auth.example'], 'give the address of the deployment'],
    [['doctor', 'https://auth.example', '--client-id', 'app'], '--client-id and --redirect-uri go together'],
    [['doctor', 'https://auth.example', 'https://other.example'], 'latchkey doctor takes one URL'],
  ])('%j: one clear line and 64', async (args, message) => {
    const { code, stdout, stderr } = await cli.run(args)
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('secret')
  })
})
