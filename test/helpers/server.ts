import { randomBytes } from 'node:crypto'
import type { Express } from 'express'
import request from 'supertest'
import { createApp } from '../../src/app.ts'
import { type Config, type Environment, loadConfig } from '../../src/config/load.ts'
import { buildDeps, type Deps, supported } from '../../src/deps.ts'
import { createLogger } from '../../src/telemetry/logger.ts'
import { createRequestScopes } from '../../src/telemetry/request-scope.ts'
import { type Browser, createBrowser } from './browser.ts'
import { createTestClock, type TestClock } from './clock.ts'
import { alice, bob, briefClient, confidentialClient, nativeClient, publicClient, SECRET, scopes } from './fixtures.ts'
import { type AuthorizationRequest, authorizationRequest } from './request.ts'

export type StoreName = 'memory' | 'redis'

/** Milliseconds that a Redis which is surely there may take to answer. */
export const UNHURRIED = 8000

/** The same for a server process, which takes no more than this from its environment. */
export const PATIENT = { REDIS_COMMAND_TIMEOUT: '1900' }

/** A server built from real parts, as main.ts builds it, on a clock that tests move. */
export interface TestServer {
  app: Express
  deps: Deps
  config: Config
  clock: TestClock
  /** Everything written to the log, parsed. */
  logs(): Array<Record<string, unknown>>
  /** The log as text, for looking for what must not be in it. */
  logText(): string
  /** The audit events so far. */
  events(): Array<Record<string, unknown>>
  /** A browser without cookies. */
  browser(): Browser
  /** A request for the public client with a PKCE pair of its own. */
  request(overrides?: Record<string, string | undefined>): AuthorizationRequest
  /** A code for the request: signs alice in and consents, in a fresh browser. */
  code(request: AuthorizationRequest): Promise<string>
  /** Posts a form to the token endpoint. */
  token(form: Record<string, string>, headers?: Record<string, string>): Promise<request.Response>
  close(): Promise<void>
}

interface TestServerOptions {
  store?: StoreName
  clients?: object[]
  users?: object[]
  /** More environment variables. */
  env?: Environment
}

/** The environment of a test server; for tests that start a process with it. */
export function testEnvironment(options: TestServerOptions = {}): Record<string, string | undefined> {
  const clients = options.clients ?? [publicClient, confidentialClient, briefClient, nativeClient]
  return {
    NODE_ENV: 'test',
    ISSUER: 'http://localhost:3000',
    LOG_LEVEL: 'info',
    SECRET_KEYS: SECRET,
    SIGNING_KEYS: process.env.TEST_SIGNING_KEYS,
    CLIENTS: JSON.stringify(clients),
    USERS: JSON.stringify(options.users ?? [alice, bob]),
    SCOPES: JSON.stringify(scopes),
    ...(options.store === 'redis' ? { REDIS_URL: process.env.TEST_REDIS_URL, REDIS_KEY_PREFIX: freshPrefix() } : {}),
    ...(options.store === 'redis' ? PATIENT : {}),
    ...options.env,
  }
}

export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const loaded = loadConfig(testEnvironment(options), supported, () => {
    throw new Error('tests read no files')
  })
  const config = options.store === 'redis' ? patient(loaded) : loaded
  const lines: string[] = []
  const requests = createRequestScopes()
  const logger = createLogger({ level: config.logLevel, requests }, { write: (line: string) => void lines.push(line) })
  const clock = createTestClock()
  const deps = await buildDeps(config, { clock, logger, requests })
  const app = createApp(deps)
  const logs = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  const token: TestServer['token'] = (form, headers = {}) =>
    request(app).post('/oauth/token').set(headers).type('form').send(form)

  return {
    app,
    deps,
    config,
    clock,
    logs,
    logText: () => lines.join(''),
    events: () => logs().filter((line) => 'audit' in line),
    browser: () => createBrowser(app, new URL(config.issuer).pathname.replace(/\/$/, '')),
    request: authorizationRequest,
    async code(wanted) {
      const { code } = await createBrowser(app).authorize(wanted, { login: alice, consent: 'allow' })
      return code as string
    },
    token,
    close: () => deps.close(),
  }
}

/** With all the time that a busy machine needs for an answer of Redis. Tests of outages name their Redis themselves. */
function patient({ redis, ...config }: Config): Config {
  return { ...config, redis: redis && { ...redis, commandTimeout: UNHURRIED } }
}

/** Runs the tests on the memory store and on Redis. */
export function onBothStores(name: string, tests: (store: StoreName) => void): void {
  describe.each<StoreName>(['memory', 'redis'])(`${name} (%s store)`, tests)
}

/** A prefix of its own for each server, so that tests share one Redis without meeting. */
export function freshPrefix(): string {
  return `test-${randomBytes(6).toString('hex')}:`
}
