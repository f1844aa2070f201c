import { readLine } from '../../src/cli/explain/log-lines.ts'
import { buildCli, type Cli } from '../helpers/cli.ts'
import { CLIENT_SECRET, SECRET } from '../helpers/fixtures.ts'
import { type TestServer, testEnvironment, testServer } from '../helpers/server.ts'

let cli: Cli
let server: TestServer
const environment = testEnvironment({ store: 'redis' })
const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined)) as Record<
  string,
  string
>
beforeAll(async () => {
  cli = await buildCli()
  server = await testServer({ store: 'redis', env: { REDIS_KEY_PREFIX: env.REDIS_KEY_PREFIX } })
})
afterAll(async () => {
  await server?.close()
  await cli?.remove()
})

/** A refusal of the server: its id and its line of the log. */
const refused = async () => {
  const answer = await server.browser().begin(server.request({ redirect_uri: 'https://app.example/callbak' }))
  const id = answer.headers['latchkey-error-id'] as string
  const line = JSON.stringify(server.logs().find(({ error_id }) => error_id === id))
  return { id, line }
}

const inRedis = async (id: string) => {
  while ((await server.deps.store.refusals.find(id)) === undefined)
    await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('latchkey explain', () => {
  it('finds a refusal in Redis and says everything about it', async () => {
    const { id } = await refused()
    await inRedis(id)
    const { code, stdout, stderr } = await cli.run(['explain', id], { env })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('What happened: redirect_uri is not registered\n  The redirect_uri is not byte for byte')
    expect(stdout).toMatch(/^ {2}cause +unregistered-redirect-uri$/m)
    expect(stdout).toMatch(/^The rule\n {2}RFC 9700 §2\.1/m)
    expect(stdout).toContain('You must change something.'.replace('You', 'The partner'))
    const message = stdout.split('A message you can send to the partner\n')[1] as string
    expect(message).toMatch(/client_id: +app$/m)
    expect(message).toMatch(/Time: +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/m)
    expect(message).toMatch(/Received redirect_uri: +https:\/\/app\.example\/callbak$/m)
    expect(message).toMatch(/Nearest registered: +https:\/\/app\.example\/callback$/m)
    expect(message).toContain('differ from character 27')
    for (const secret of [SECRET, CLIENT_SECRET]) expect(stdout).not.toContain(secret)
  })

  it.each<[string, (line: string) => string]>([
    ['as the server writes them', (line) => line],
    ['of docker compose', (line) => `latchkey-1  | ${line}`],
    ['of Kubernetes', (line) => `2026-11-20T22:10:10.553Z stdout F ${line}`],
    ['behind a prefix with braces', (line) => `{pod} [a{b] ${line} {end}`.replace(' {end}', '')],
    ['of the files of Docker', (line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026' })],
    ['with \\r\\n', (line) => `${line}\r`],
  ])('finds it in lines %s, on standard input', async (_, wrap) => {
    const { id, line } = await refused()
    const stdin = `no JSON\n{"half":\n${wrap(line)}\nmore\n`
    const { code, stdout } = await cli.run(['explain', id.toUpperCase()], { stdin })
    expect([code, stdout.includes('unregistered-redirect-uri')]).toEqual([0, true])
  })

  it('finds it in a file, in its last line without an end as well', async () => {
    const { id, line } = await refused()
    const path = await cli.write('server.log', `{"level":"info"}\n${line}`)
    expect(await cli.run(['explain', id, '--log', path])).toMatchObject({ code: 0, stderr: '' })
    expect(await cli.run(['explain', id, '--log', '/nowhere'])).toMatchObject({ code: 74, stdout: '' })
    expect((await cli.run(['explain', id, '--log', cli.folder])).stderr).toContain('cannot be read: EISDIR')
  })

  it('lets no text of a stranger move the cursor or turn the direction, and shows no secret of a line', async () => {
    const line = JSON.stringify({
      error_id: '0123456789ab',
      error: 'invalid_client',
      status: 400,
      cause: 'unknown-client',
      client_id: '\u001b[31mred\u202e\r\nx',
      client_secret: 'hunter2',
      time: '2026-11-20T22:10:10.553Z',
    })
    const { code, stdout } = await cli.run(['explain', '0123456789ab'], { stdin: line })
    expect(code).toBe(0)
    expect(stdout).toContain('?[31mred???x')
    for (const unwanted of ['\u001b', '\u202e', '\r', 'hunter2']) expect(stdout).not.toContain(unwanted)
  })

  it('of a cause that this version does not know it tells the facts', async () => {
    const line =
      '{"error_id":"0123456789ab","error":"invalid_request","status":400,"cause":"of-tomorrow","description":"no"}'
    const { code, stdout } = await cli.run(['explain', '0123456789ab'], { stdin: line })
    expect([code, stdout.includes('knows nothing more about the cause of-tomorrow')]).toEqual([0, true])
    expect(stdout).not.toContain('A message')
  })

  it('of an id that is nowhere it says where it looked, and ends with 1', async () => {
    const { code, stdout, stderr } = await cli.run(['explain', 'ffffffffffff'], { env })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('no refusal with the id ffffffffffff was found')
    expect(stderr).toContain(`Redis at ${new URL(env.REDIS_URL as string).host} under ${env.REDIS_KEY_PREFIX}`)
    expect(stderr).toContain('  - standard input\n')
    const without = await cli.run(['explain', 'ffffffffffff'])
    expect(without.stderr).toContain('since none is configured')
    const away = await cli.run(['explain', 'ffffffffffff'], {
      env: { ...env, REDIS_URL: 'redis://:hunter2@127.0.0.1:1' },
    })
    expect(away.stderr).toContain('Redis at 127.0.0.1:1 does not answer')
    expect(away.stderr).not.toContain('hunter2')
    const broken = await cli.run(['explain', 'ffffffffffff'], { env: { PORT: 'none' } })
    expect([broken.code, broken.stderr.includes('Redis was not asked')]).toEqual([1, true])
  })

  it.each([
    [['explain'], 'give the error id'],
    [['explain', '12345'], 'an error id has 12 hex digits'],
    [['explain', 'zzzzzzzzzzzz'], 'an error id has 12 hex digits'],
    [['explain', 'ffffffffffff', '--list'], '--list stands alone'],
  ])('%j: one clear line and 64', async (args, message) => {
    const { code, stdout, stderr } = await cli.run(args)
    expect([code, stdout, stderr.split('\n').length]).toEqual([64, '', 2])
    expect(stderr).toContain(message)
  })

  it('reads no line of another id, however it is spelled into it', () => {
    expect(readLine('{"error_id":"aaaaaaaaaaaa","cause":"ffffffffffff","error":"x"}', 'ffffffffffff')).toBeUndefined()
    expect(readLine(`${'{'.repeat(100_000)}ffffffffffff`, 'ffffffffffff')).toBeUndefined()
  })
})
