import { join } from 'node:path'
import { buildCli, type Cli } from '../helpers/cli.ts'
import { testEnvironment } from '../helpers/server.ts'
import { runServer, type ServerProcess, startServer } from '../helpers/server-process.ts'

let cli: Cli
let server: ServerProcess | undefined
beforeAll(async () => {
  cli = await buildCli()
})
afterEach(() => server?.stop())
afterAll(() => cli.remove())

const keys = (line: string) => cli.run(['keys', ...line.split(' ')])
const kids = async (url: string) => {
  const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: Array<{ kid: string }> }
  return keys.map(({ kid }) => kid)
}

describe('latchkey serve', () => {
  it('serves until SIGTERM, and then ends with 0', async () => {
    server = await startServer(cli.serve, testEnvironment())
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    server.signal('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
  })

  it('prints every problem of the configuration and ends with 78', async () => {
    const { code, stdout, stderr } = await runServer(cli.serve, { PORT: 'x', LOG_LEVEL: 'loud' })
    expect([code, stdout]).toEqual([78, ''])
    expect(stderr).toMatch(
      /^Latchkey cannot start: the configuration has 2 problems\.\n {2}- PORT .+\n {2}- LOG_LEVEL .+\n$/,
    )
  })

  it('takes a rotation by the command line at SIGHUP, keeps the keys where the file is broken, and warns', async () => {
    const file = join(cli.folder, 'keys.json')
    await cli.write('keys.json', (await keys('generate --kid first')).stdout)
    const running = await startServer(
      cli.serve,
      testEnvironment({ env: { SIGNING_KEYS: undefined, SIGNING_KEYS_FILE: file } }),
    )
    server = running
    const hangUp = async (message: string) => {
      const line = running.nextLog(message)
      running.signal('SIGHUP')
      return line
    }
    expect(await kids(running.url)).toEqual(['first'])

    await keys(`rotate --file ${file} --in-place --kid second`)
    await hangUp('clients, users, scopes, resources and keys were read again')
    expect(await kids(running.url)).toEqual(['first', 'second'])

    await cli.write('keys.json', '{"keys":[]}')
    const refused = await hangUp('the new configuration has problems; the old one stays')
    expect(refused.problems).toEqual(['SIGNING_KEYS must have at least one key'])
    expect(await kids(running.url)).toEqual(['first', 'second'])

    // Straight to a key that nobody has seen: the server does as it is told, and says what that means.
    await cli.write('keys.json', (await keys('generate --kid third')).stdout)
    await hangUp('clients, users, scopes, resources and keys were read again')
    expect(await kids(running.url)).toEqual(['third'])
    const warnings = running.logs().filter(({ level }) => level === 'warn')
    expect(warnings.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('the signing key third was not published before it became active'),
        expect.stringContaining('the signing key first is no longer published'),
      ]),
    )
  })
})
