import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beginPost } from '../helpers/begin-post.ts'
import { createHttpClient } from '../helpers/http-client.ts'
import { testEnvironment } from '../helpers/server.ts'
import { type Build, buildServer, type ServerProcess, startServer } from '../helpers/server-process.ts'

/** Faults planted from outside, by a module that Node loads before the server. */
const PLANT = `
process.on('SIGUSR2', () => Promise.reject(new Error('a planted rejection')))
process.on('SIGWINCH', () => { throw new Error('a planted exception') })
`

describe('a fault that nobody caught', () => {
  let build: Build
  let plant: string
  let server: ServerProcess
  beforeAll(async () => {
    build = await buildServer()
    plant = join(dirname(build.main), 'plant.mjs')
    await writeFile(plant, PLANT)
  })
  afterEach(() => server?.stop())
  afterAll(() => build?.remove())

  it.each([
    ['SIGUSR2', 'unhandledRejection', 'a planted rejection'],
    ['SIGWINCH', 'uncaughtException', 'a planted exception'],
  ] as const)('(%s) is logged under an id, and ends the process with 1 after what is under way', async (...args) => {
    const [signal, kind, message] = args
    // Longer than the fault may take: no time is spent on waiting for a balancer.
    const env = { NODE_OPTIONS: `--import=${plant}`, DRAIN_DELAY: '60' }
    server = await startServer(build, testEnvironment({ env }))
    const finish = await beginPost(`${server.url}/oauth/token`)
    const line = server.nextLog('a fault that nobody caught')
    server.signal(signal)
    const err = expect.objectContaining({ message, stack: expect.any(String) })
    expect(await line).toMatchObject({ level: 'fatal', kind, error_id: expect.stringMatching(/^[0-9a-f]{12}$/), err })
    expect((await finish()).statusCode).toBe(400)
    expect(await server.ended).toMatchObject({ code: 1, signal: null, stderr: '' })
    await expect(createHttpClient().get(`${server.url}/healthz`)).rejects.toThrow(/ECONNREFUSED/)
  })

  it('ends the process though a request under way never ends, and though it was about to end with 0', async () => {
    const env = { NODE_OPTIONS: `--import=${plant}`, DRAIN_DELAY: '60' }
    server = await startServer(build, testEnvironment({ env }))
    await beginPost(`${server.url}/oauth/token`)
    const stopping = server.nextLog('stopping')
    server.signal('SIGTERM')
    await stopping
    server.signal('SIGUSR2')
    expect(await server.ended).toMatchObject({ code: 1, signal: null, stderr: '' })
  })
})
