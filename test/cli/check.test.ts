import { schema } from '../../src/config/schema.ts'
import { buildCli, type Cli } from '../helpers/cli.ts'
import { CLIENT_SECRET, SECRET } from '../helpers/fixtures.ts'
import { folderWith } from '../helpers/folder.ts'
import { testEnvironment } from '../helpers/server.ts'
import { key, privateJwks } from '../helpers/signing-keys.ts'

let cli: Cli
beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())

interface Report {
  ok: boolean
  variables: Array<{ name: string; value: string | null; source: string }>
  counts?: Record<string, number>
  signing_keys?: object[]
  languages: string[]
  warnings: string[]
  problems: string[]
}

const report = async (env: Record<string, string>) => {
  const { code, stdout, stderr } = await cli.run(['check', '--json'], { env })
  const document = JSON.parse(stdout) as Report
  return { code, stderr, document, of: (name: string) => document.variables.find((row) => row.name === name) }
}

const good = () => testEnvironment({}) as Record<string, string>

describe('latchkey check', () => {
  it('shows every variable with its effective value and where it came from', async () => {
    const clients = await cli.write('clients.json', good().CLIENTS as string)
    const { CLIENTS, ...env } = good()
    const { code, stderr, document, of } = await report({ ...env, PORT: '4000', CLIENTS_FILE: clients, LOG_LEVEL: '' })
    expect([code, stderr, document.ok]).toEqual([0, '', true])
    expect(document.variables.map(({ name }) => name)).toEqual(Object.keys(schema))
    expect(of('PORT')).toEqual({ name: 'PORT', value: '4000', source: 'environment' })
    expect(of('LOG_LEVEL')).toEqual({ name: 'LOG_LEVEL', value: 'info', source: 'default' })
    expect(of('CLIENTS')).toEqual({ name: 'CLIENTS', value: 'set (hidden)', source: 'file' })
    expect(of('REDIS_URL')).toEqual({ name: 'REDIS_URL', value: null, source: 'default' })
    expect(document.counts).toMatchObject({ clients: 4, users: 2, scopes: 2 })
    expect(document.problems).toEqual([])
  })

  it('derives the issuer from the port, and the default resource from the issuer, as the server does', async () => {
    const { of } = await report({ PORT: '4000' })
    expect(of('ISSUER')).toEqual({ name: 'ISSUER', value: 'http://localhost:4000', source: 'default' })
    expect(of('DEFAULT_RESOURCE')?.value).toBe('http://localhost:4000')
  })

  it('tells a view that is broken, as the server would, and the languages of the pages where all is well', async () => {
    const { path, remove } = folderWith({ 'locales/de.json': '{"sign-in.titel":"Einloggen"}' })
    const broken = await report({ ...good(), VIEWS_DIR: path })
    remove()
    expect([broken.code, broken.document.ok]).toEqual([78, false])
    expect(broken.document.problems).toEqual([
      'VIEWS_DIR/locales/de.json: "sign-in.titel" is not the key of any sentence',
    ])
    expect((await report(good())).document.languages).toEqual(['ar', 'de', 'en', 'es', 'fr', 'ja'])
    expect((await cli.run(['check'], { env: good() })).stdout).toContain('Deutsch, English, Español')
  })

  it('shows no secret, in either form', async () => {
    const signing = await key('mine', 'active')
    const env = { ...good(), SIGNING_KEYS: privateJwks(signing), REDIS_URL: 'redis://:hunter2@127.0.0.1:1' }
    for (const args of [['check'], ['check', '--json']]) {
      const { code, stdout } = await cli.run(args, { env })
      expect(code).toBe(0)
      for (const secret of [SECRET, CLIENT_SECRET, 'rabbit hole', 'hunter2', signing.d as string]) {
        expect(stdout).not.toContain(secret)
      }
      expect(stdout).toContain('set (hidden)')
      expect(stdout).toContain('mine')
    }
  })

  it('prints for people the sections, the counts, the keys and the warnings', async () => {
    const { code, stdout, stderr } = await cli.run(['check'], {
      env: { SIGNING_KEYS: privateJwks(await key('mine', 'active')) },
    })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Server\n {2}NODE_ENV +default +development$/m)
    expect(stdout).toMatch(/^ {2}clients +0$/m)
    expect(stdout).toMatch(/^Signing keys\n {2}mine {2}ES256 {2}active$/m)
    expect(stdout).toMatch(/^Warnings\n( {2}- .+\n)* {2}- USERS is empty: nobody can sign in yet$/m)
    expect(stdout).toMatch(/The server would start\.\n$/)
  })

  it('ends with 78 and every problem at once, and shows no value that is not right', async () => {
    const env = {
      PORT: 'secret-in-the-wrong-place',
      SECRET_KEYS: 'short',
      SIGNING_KEYS: '{"keys":[]}',
      USERS_FILE: '/nowhere',
    }
    const { code, document, of } = await report(env)
    expect([code, document.ok]).toEqual([78, false])
    expect(document.problems).toEqual([
      expect.stringMatching(/^PORT must be a whole number/),
      expect.stringMatching(/^SECRET_KEYS must be secrets of at least 32 characters/),
      'USERS is to come from USERS_FILE, but that file cannot be read: ENOENT',
      'SIGNING_KEYS must have at least one key',
    ])
    expect(of('PORT')?.value).toBe('not valid')
    expect(of('USERS')).toEqual({ name: 'USERS', value: 'not valid', source: 'file' })

    const forPeople = await cli.run(['check'], { env })
    expect(forPeople.code).toBe(78)
    expect(forPeople.stderr).toMatch(/^The server would not start: 4 problems\.\n( {2}- .+\n){4}$/)
  })
})
