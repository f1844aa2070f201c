import { publicClient } from '../helpers/fixtures.ts'
import { load, problemsOf } from './load.ts'

const clientWith = (more: object) => ({
  CLIENTS: JSON.stringify([{ ...publicClient, ...more }]),
  SCOPES: '{"read":"Read","write":"Write"}',
})

it('asks for no nonce in proofs unless it is told to (RFC 9449 §8)', () => {
  expect(load({}).requireDpopNonce).toBe(false)
  expect(load({ DPOP_NONCE: 'off' }).requireDpopNonce).toBe(false)
  expect(load({ DPOP_NONCE: 'required' }).requireDpopNonce).toBe(true)
})

it.each(['on', 'true', 'Required'])('takes no %s for DPOP_NONCE', (DPOP_NONCE) => {
  expect(problemsOf({ DPOP_NONCE })).toEqual([expect.stringMatching(/^DPOP_NONCE must be .*off.*required/)])
})

it('lets clients have tokens without a key unless they are registered for no others (RFC 9449 §5.2)', () => {
  expect(load(clientWith({})).clients[0]?.dpop_bound_access_tokens).toBe(false)
  expect(load(clientWith({ dpop_bound_access_tokens: true })).clients[0]?.dpop_bound_access_tokens).toBe(true)
})

it.each(['true', 1, []])(
  'takes no %j for dpop_bound_access_tokens: what looks like a yes must not pass for a no',
  (value) => {
    expect(problemsOf(clientWith({ dpop_bound_access_tokens: value }))).toEqual([
      expect.stringContaining('dpop_bound_access_tokens must be true or false'),
    ])
  },
)
