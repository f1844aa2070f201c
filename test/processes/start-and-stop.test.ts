import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beginPost } from '../helpers/begin-post.ts'
import { publicClient } from '../helpers/fixtures.ts'
import { folderWith } from '../helpers/folder.ts'
import { freePort } from '../helpers/free-port.ts'
import { createHttpClient, type HttpClient } from '../helpers/http-client.ts'
import { authorizationRequest } from '../helpers/request.ts'
import { testEnvironment } from '../helpers/server.ts'
import { type Build, buildServer, runServer, type ServerProcess, startServer } from '../helpers/server-process.ts'

describe('the process of the server', () => {
  let build: Build
  let client: HttpClient
  let server: ServerProcess | undefined
  beforeAll(async () => {
    build = await buildServer()
    client = createHttpClient()
  })
  afterEach(async () => {
    await server?.stop()
    server = undefined
  })
  afterAll(async () => {
    client?.close()
    await build?.remove()
  })

  const start = async (env: Record<string, string | undefined> = {}) => {
    server = await startServer(build, testEnvironment({ env }))
    return server
  }

  it('refuses production without anything, names every reason at once and ends with 78', async () => {
    const { code, stdout, stderr } = await runServer(build, { NODE_ENV: 'production' })
    expect(code).toBe(78)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^Latchkey cannot start: /)
    const reasons = ['ISSUER', 'SECRET_KEYS', 'SIGNING_KEYS', 'REDIS_URL']
    for (const name of reasons) expect(stderr).toContain(`  - ${name} is required in production`)
  })

  it('refuses views that are broken, names the file and ends with 78', async () => {
    const { path, remove } = folderWith({ 'error.eta': '<%= it.nothing.at.all %>' })
    const { code, stderr } = await runServer(build, testEnvironment({ env: { VIEWS_DIR: path } }))
    remove()
    expect(code).toBe(78)
    expect(stderr).toMatch(/^Latchkey cannot start: the configuration has a problem\.\n {2}- VIEWS_DIR\/error\.eta: /)
  })

  it('starts without its Redis and answers 503 instead of crashing', async () => {
    const running = await start({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` })
    expect((await client.get(`${running.url}/healthz`)).status).toBe(200)
    expect((await client.get(`${running.url}/readyz`)).status).toBe(503)
    const page = await client.get(`${running.url}/oauth/authorize?${authorizationRequest().query()}`)
    expect(page.status).toBe(503)
    expect(page.headers['retry-after']).toMatch(/^[1-9][0-9]*$/)
    expect(running.alive()).toBe(true)
    expect(running.stderr()).toBe('')
  })

  it('takes a client that was added to CLIENTS_FILE on SIGHUP, and keeps the old ones where the file is broken', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-clients-'))
    try {
      const file = join(directory, 'clients.json')
      const added = { ...publicClient, client_id: 'added' }
      await writeFile(file, JSON.stringify([publicClient]))
      const running = await start({ CLIENTS: undefined, CLIENTS_FILE: file })
      const statusFor = async (client_id: string) =>
        (await client.get(`${running.url}/oauth/authorize?${authorizationRequest({ client_id }).query()}`)).status
      const reloaded = async (content: string, message: string) => {
        await writeFile(file, content)
        const line = running.nextLog(message)
        running.signal('SIGHUP')
        return line
      }
      expect([await statusFor('app'), await statusFor('added')]).toEqual([302, 400])

      await reloaded(
        JSON.stringify([publicClient, added]),
        'clients, users, scopes, resources and keys were read again',
      )
      expect([await statusFor('app'), await statusFor('added')]).toEqual([302, 302])

      const broken = 'the new configuration has problems; the old one stays'
      for (const content of ['[{]', JSON.stringify([{ ...publicClient, redirect_uris: ['javascript:alert(1)'] }])]) {
        const line = await reloaded(content, broken)
        expect(line.problems).toEqual(expect.arrayContaining([expect.stringContaining('CLIENTS')]))
        expect([await statusFor('app'), await statusFor('added')]).toEqual([302, 302])
      }

      await reloaded(JSON.stringify([added]), 'clients, users, scopes, resources and keys were read again')
      expect([await statusFor('app'), await statusFor('added')]).toEqual([400, 302])
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })

  describe('on SIGTERM', () => {
    it('ends with 0 when it is idle', async () => {
      const running = await start()
      await client.get(`${running.url}/healthz`)
      running.signal('SIGTERM')
      expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
    })

    it('finishes the requests that are under way, closes their connections and ends with 0', async () => {
      const running = await start()
      const under = await Promise.all(Array.from({ length: 20 }, () => beginPost(`${running.url}/oauth/token`)))
      const stopping = running.nextLog('stopping')
      running.signal('SIGTERM')
      await stopping
      // Refused, or cut off before it was taken: by the log alone nobody knows whether the port is closed already.
      const code = expect.stringMatching(/^(?:ECONNREFUSED|ECONNRESET|EPIPE)$/)
      await expect(createHttpClient().get(`${running.url}/healthz`)).rejects.toMatchObject({ code })

      const answers = await Promise.all(under.map((finish) => finish()))
      expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(400))
      // Told to, the client does not send its next request into a connection that is about to go.
      expect(answers.map(({ headers }) => headers.connection)).toEqual(Array(20).fill('close'))
      expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
    })

    it('goes on serving for DRAIN_DELAY, not ready, and parts with every client', async () => {
      const running = await start({ DRAIN_DELAY: '60' })
      const finish = await beginPost(`${running.url}/oauth/token`)
      const idle = createHttpClient(1)
      expect((await idle.get(`${running.url}/readyz`)).headers.connection).toBe('keep-alive')
      const stopping = running.nextLog('stopping')
      running.signal('SIGTERM')
      expect(await stopping).toMatchObject({ delay: 60_000 })
      const answer = await idle.get(`${running.url}/readyz`)
      expect(JSON.parse(answer.text)).toEqual({ status: 'unavailable', reasons: ['the server is stopping'] })
      expect([answer.status, answer.headers.connection]).toEqual([503, 'close'])
      const served = await client.get(`${running.url}/.well-known/oauth-authorization-server`)
      expect([served.status, served.headers.connection]).toEqual([200, 'close'])
      const { statusCode, headers } = await finish()
      expect([statusCode, headers.connection]).toEqual([400, 'close'])
      expect(running.alive()).toBe(true)
    })

    it('ends at once with 1 where somebody insists', async () => {
      const running = await start({ DRAIN_DELAY: '60' })
      await beginPost(`${running.url}/oauth/token`)
      const insisting = setInterval(() => running.signal('SIGTERM'), 50)
      expect(await running.ended).toMatchObject({ code: 1, signal: null, stderr: '' })
      clearInterval(insisting)
      expect(running.logs().filter(({ msg }) => msg === 'stopping')).toHaveLength(1)
    })

    it('loses no request of clients that keep asking over open connections', async () => {
      const running = await start()
      let answered = 0
      const lost: unknown[] = []
      const stopping = running.nextLog('stopping')
      const ask = async () => {
        const own = createHttpClient(1)
        try {
          // Far more than there is time for: it ends when the server does.
          for (let times = 0; times < 100_000; times++) {
            const answer = await own.get(`${running.url}/.well-known/oauth-authorization-server`)
            if (answer.status !== 200) lost.push(answer)
            if (++answered === 200) running.signal('SIGTERM')
          }
          lost.push('the server never ended')
        } catch (error) {
          // A kept connection may close just as the next request is sent; a client sends it again (RFC 9112 §9.3.1).
          const { code } = error as NodeJS.ErrnoException
          if (code !== 'ECONNREFUSED' && code !== 'ECONNRESET' && code !== 'EPIPE') lost.push(error)
        } finally {
          own.close()
        }
      }
      await Promise.all([...Array.from({ length: 10 }, ask), stopping])
      expect(lost).toEqual([])
      expect(answered).toBeGreaterThanOrEqual(200)
      expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
    })
  })
})
