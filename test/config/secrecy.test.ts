import { json } from '../../src/config/parsers.ts'
import { alice, publicClient } from '../helpers/fixtures.ts'
import { linesOf, problemsOf, productionEnv, signingJwk } from './load.ts'

// The secret of every case: nothing that an operator may paste into a ticket shows any of it.
const SECRET = 'Zq8wKx3v'
const LONG = `${SECRET}-${'x'.repeat(40)}`

const clients = (metadata: object) => JSON.stringify([{ ...publicClient, ...metadata }])
const keys = (...list: unknown[]) => JSON.stringify({ keys: list })

describe('a problem never shows a secret', () => {
  it.each<[string, Record<string, string>]>([
    ['a short SECRET_KEYS', { SECRET_KEYS: SECRET }],
    ['a short one among SECRET_KEYS', { SECRET_KEYS: `${LONG},${SECRET}` }],
    ['a REDIS_URL of another scheme', { REDIS_URL: `http://:${SECRET}@redis:6379` }],
    ['a REDIS_URL without a scheme', { REDIS_URL: `:${SECRET}@redis:6379` }],
    ['a REDIS_URL that is no URL', { REDIS_URL: `redis://:${SECRET}@redis:port` }],
    ['an ISSUER with a password', { ISSUER: `https://admin:${SECRET}@auth.example.com` }],
    ['an ISSUER with a password and a broken port', { ISSUER: `https://admin:${SECRET}@auth.example.com:port` }],
    ['an ISSUER with a password in production', { ...productionEnv, ISSUER: `http://:${SECRET}@auth.example.com` }],
    ['a REDIS_URL without a host', { REDIS_URL: `redis://:${SECRET}@:6379` }],
    ['a client_secret that is too short', { CLIENTS: clients({ client_secret: SECRET }) }],
    ['a client_secret of another type', { CLIENTS: clients({ client_secret: { value: LONG } }) }],
    ['a list of client_secrets', { CLIENTS: clients({ client_secret: [SECRET, LONG, LONG] }) }],
    ['a client_secret of a public client', { CLIENTS: clients({ client_secret: LONG }) }],
    ['a client_secret under a wrong name', { CLIENTS: clients({ client_secrets: LONG }) }],
    ['a client_secret as its own hash', { CLIENTS: clients({ client_secret_hash: `sha256:${LONG}` }) }],
    ['one client instead of a list', { CLIENTS: JSON.stringify({ ...publicClient, client_secret: LONG }) }],
    ['a list in a list', { CLIENTS: JSON.stringify([[{ ...publicClient, client_secret: LONG }]]) }],
    ['a password beside a wrong name', { USERS: JSON.stringify([{ ...alice, name: 5, password: SECRET }]) }],
    ['a password beside a hash', { USERS: JSON.stringify([{ ...alice, password: SECRET, password_hash: SECRET }]) }],
    ['a hash of another kind', { USERS: JSON.stringify([{ ...alice, password: undefined, password_hash: SECRET }]) }],
    ['one user instead of a list', { USERS: JSON.stringify({ ...alice, password: SECRET }) }],
    ['a plain password in production', { ...productionEnv, USERS: JSON.stringify([{ ...alice, password: SECRET }]) }],
    ['a key that is none', { SIGNING_KEYS: keys({ ...signingJwk(), x: SECRET, d: SECRET }) }],
    ['a key without a kid', { SIGNING_KEYS: keys({ ...signingJwk(), d: SECRET, kid: undefined }) }],
    ['a key without an alg', { SIGNING_KEYS: keys({ ...signingJwk(), d: SECRET, alg: undefined }) }],
    ['a symmetric key', { SIGNING_KEYS: keys({ kty: 'oct', k: SECRET, kid: 'x', alg: 'HS256' }) }],
    ['two keys of one name', { SIGNING_KEYS: keys(signingJwk(), { ...signingJwk(), extra: SECRET }) }],
    ['one key instead of a set', { SIGNING_KEYS: JSON.stringify({ ...signingJwk(), d: SECRET }) }],
    ['a key in PEM', { SIGNING_KEYS: `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----` }],
  ])('%s', (_, env) => {
    const problems = problemsOf(env)
    expect(problems).not.toEqual([])
    expect(problems.join('\n')).not.toContain(SECRET)
  })
})

describe('a problem with JSON', () => {
  it.each([
    SECRET,
    `'${SECRET}'`,
    `{"client_secret": ${SECRET}}`,
    `{'client_secret': '${SECRET}'}`,
    `{"client_secret": "${SECRET}`,
    `{"client_secret": "${SECRET}",}`,
    `{"client_secret": "${SECRET}" "client_id": "app"}`,
    `[{"client_secret": "${SECRET}"}}`,
    `{"client_secret": "${SECRET}"} ${SECRET}`,
    `{"client_secret": "\n${SECRET}"}`,
    `{"client_secret": "\\x${SECRET}"}`,
    `{\n  "client_secret": "${SECRET}"\n  "client_id": "app"\n}`,
    `{client_secret: ${SECRET}}`,
    `${SECRET}${' '.repeat(100)}`,
    `${' '.repeat(100)}${SECRET}`,
    // Words of a message in the text itself.
    `"at position ${SECRET}`,
    `{"client_secret": "at position 1" ${SECRET}}`,
    `${SECRET} at position 1`,
  ])('says where it is and never quotes the text: %j', (text) => {
    const lines = linesOf(() => json(text))
    expect(lines).toEqual([expect.stringMatching(/^must be JSON: it /)])
    // No run of three characters of the secret either.
    const pieces = Array.from({ length: SECRET.length - 2 }, (_, index) => SECRET.slice(index, index + 3))
    expect(pieces.filter((piece) => lines.join().includes(piece))).toEqual([])
  })

  it.each([
    ['at position 4711', 'it ends too early or has a wrong character'],
    ['x at position 4711', 'it ends too early or has a wrong character'],
    ['at position 4711 (line 4712 column 4713)', 'it ends too early or has a wrong character'],
    ['{"a": at position 4711', 'it ends too early or has a wrong character'],
    ['{"a":', 'it ends too early or has a wrong character'],
    ['"at position 4711', 'it breaks at'],
    ['1 at position 4711', 'it breaks at'],
    ['{"a":"at position 4711" at position 4711', 'it breaks at'],
  ])('never takes digits for a position that are digits of the text: %j', (text, line) => {
    const lines = linesOf(() => json(text))
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^must be JSON: ${line}`))])
    expect(lines.join()).not.toContain('471')
  })

  it('says at which character it is', () => {
    expect(linesOf(() => json('{"a":1 "b":2}'))).toEqual([
      expect.stringMatching(/it breaks at (character 7|line 1, column 8)/),
    ])
  })
})
