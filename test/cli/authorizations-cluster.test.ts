import { createKeys } from '../../src/store/redis/keys.ts'
import { slotOf } from '../../src/store/redis/link.ts'
import { alice } from '../helpers/fixtures.ts'
import { type RedisCluster, startRedisCluster } from '../helpers/redis-cluster.ts'
import { runCommand } from '../helpers/run-command.ts'
import { freshPrefix, type TestServer, testEnvironment, testServer } from '../helpers/server.ts'

/** The nodes of a cluster take a while to find each other. */
const LONG = 60_000

let cluster: RedisCluster
let server: TestServer
let env: Record<string, string>
beforeAll(async () => {
  cluster = await startRedisCluster()
  const nodes = cluster.nodes.map(({ host, port }) => `${host}:${port}`).join(',')
  env = { REDIS_CLUSTER_NODES: nodes, REDIS_KEY_PREFIX: freshPrefix() }
  server = await testServer({ env })
}, LONG)
afterAll(async () => {
  await server?.close()
  await cluster?.stop()
})

const run = (line: string) => runCommand(line, { env: testEnvironment({ env }), clock: server.clock })

const list = async (client: string) => {
  const { code, stdout } = await run(`authorizations list --client ${client} --json`)
  expect(code).toBe(0)
  const { authorizations } = JSON.parse(stdout) as { authorizations: Array<{ authorization_id: string }> }
  return authorizations.map(({ authorization_id }) => authorization_id).sort()
}

it(
  'the authorizations of a client are found and ended on every master of a cluster',
  async () => {
    const browser = server.browser()
    const authorize = async (client_id: string) => {
      const request = server.request({ client_id, redirect_uri: `https://${client_id}.example/callback` })
      const { code } = await browser.authorize(request, { login: alice, consent: 'allow' })
      const { body } = await server.token(request.redeem(code as string))
      const { jti } = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString())
      return { id: jti.split('.')[0] as string, refresh_token: body.refresh_token as string }
    }
    const keys = createKeys(env.REDIS_KEY_PREFIX as string)
    // The first of the masters has the first third of the slots, and so on.
    const masterOf = (id: string) => Math.floor((slotOf(keys.authorization(id)) * cluster.masters.length) / 16_384)
    const granted: Awaited<ReturnType<typeof authorize>>[] = []
    const masters = new Set<number>()
    while (masters.size < cluster.masters.length) {
      const authorization = await authorize('app')
      granted.push(authorization)
      masters.add(masterOf(authorization.id))
    }
    const other = await authorize('brief')

    expect(await list('app')).toEqual(granted.map(({ id }) => id).sort())
    const { code, stdout } = await run('authorizations revoke --client app --yes --json')
    expect([code, JSON.parse(stdout).ended]).toEqual([0, granted.length])
    expect(await list('app')).toEqual([])
    for (const { refresh_token } of granted) {
      const form = { grant_type: 'refresh_token', client_id: 'app', refresh_token }
      expect((await server.token(form)).body.error).toBe('invalid_grant')
    }
    expect(await list('brief')).toEqual([other.id])
  },
  LONG,
)
