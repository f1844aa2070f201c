import { readClients } from '../../src/config/clients.ts'
import { publicClient } from '../helpers/fixtures.ts'
import { linesOf, problemsOf, supported } from './load.ts'

const known = { ...supported, scopes: ['read', 'write'], resources: [], allowLoopback: false }
const read = (more: object) => readClients(JSON.stringify([{ ...publicClient, ...more }]), known)

it.each([
  [true, true],
  [false, false],
  [null, false],
  [undefined, false],
])('a client with require_pushed_authorization_requests %j is held to it: %j (RFC 9126 §6)', (value, expected) => {
  const [client] = read({ require_pushed_authorization_requests: value })
  expect(client?.require_pushed_authorization_requests).toBe(expected)
})

it.each(['true', 1, 0, '', []])('it may not be %j: what only looks like a yes must not pass for a no', (value) => {
  expect(linesOf(() => read({ require_pushed_authorization_requests: value }))).toEqual([
    `[0] (client "app"): require_pushed_authorization_requests must be true or false, not ${JSON.stringify(value)}`,
  ])
})

it('a slip in its name is found', () => {
  expect(linesOf(() => read({ require_pushed_authorization_request: true }))).toEqual([
    '[0] (client "app"): "require_pushed_authorization_request" is unknown; did you mean require_pushed_authorization_requests?',
  ])
})

it.each(['4', '601', '1.5', 'x'])('PUSHED_REQUEST_TTL may not be %s', (value) => {
  expect(problemsOf({ PUSHED_REQUEST_TTL: value })).toEqual([
    `PUSHED_REQUEST_TTL must be a whole number from 5 to 600, not "${value}"`,
  ])
})

it.each(['5', '600'])('PUSHED_REQUEST_TTL may be %s', (value) => {
  expect(problemsOf({ PUSHED_REQUEST_TTL: value })).toEqual([])
})

it('REQUIRE_PUSHED_AUTHORIZATION_REQUESTS is true or false', () => {
  expect(problemsOf({ REQUIRE_PUSHED_AUTHORIZATION_REQUESTS: 'yes' })).toHaveLength(1)
})
