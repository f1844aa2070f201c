import { generateKeyPairSync } from 'node:crypto'
import { type Config, loadConfig } from '../../src/config/load.ts'
import { ConfigError, Problems } from '../../src/config/problem.ts'
import type { Environment } from '../../src/config/read-variable.ts'

/** What the server knows besides its configuration. */
export const supported = {
  grantTypes: ['authorization_code', 'refresh_token'],
  clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
  signingAlgorithms: {},
}

/** Loads a configuration; files are given by path, and any other path cannot be read. */
export function load(env: Environment, files: Readonly<Record<string, string>> = {}): Config {
  return loadConfig(env, supported, (path) => {
    const content = files[path]
    if (content === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' })
    return content
  })
}

/** The problems of a configuration; none where it loads. */
export function problemsOf(env: Environment, files: Readonly<Record<string, string>> = {}): readonly string[] {
  try {
    load(env, files)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** What a parser has to say about a value; nothing where it takes it. */
export function linesOf(parse: () => unknown): readonly string[] {
  try {
    parse()
    return []
  } catch (error) {
    if (error instanceof Problems) return error.lines
    throw error
  }
}

/** A private ES256 key in JWK form. */
export function signingJwk(kid = 'one'): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'ES256' }
}

/** All that production needs. */
export const productionEnv = {
  NODE_ENV: 'production',
  ISSUER: 'https://auth.example.com',
  SECRET_KEYS: 'a-secret-for-tests-of-more-than-32-characters',
  SIGNING_KEYS: JSON.stringify({ keys: [signingJwk()] }),
  REDIS_URL: 'redis://localhost:6379',
}
