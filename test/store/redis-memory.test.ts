import { inspectedStore } from '../helpers/inspected-store.ts'
import { freshPrefix } from '../helpers/server.ts'
import { HOUR, MINUTE, NOW, newCode, newId, redemptionOf, rotationOf } from './contract/records.ts'

/** An authorization as production has them: ids, addresses and scopes of ordinary length. */
const realistic = {
  clientId: 'partner-invoices',
  subject: '7f9c24e5-2f6a-4c0e-9d55-1a3e8f4b6c21',
  scope: ['openid', 'profile', 'email', 'invoices:read', 'invoices:write'],
  redirectUri: 'https://app.partner.example.com/oauth/callback',
}

describe('the memory that an authorization takes in Redis', () => {
  const here = inspectedStore(`latchkey:${freshPrefix()}`)

  const bytes = (id: string) => here.redis.memory('USAGE', here.keys.authorization(id), 'SAMPLES', 0)

  it.each([
    ['values of ordinary length', 600, {}],
    // Redis keeps a hash in its small form only while no value is longer than 64 bytes (hash-max-listpack-value).
    ['a redirect URI of 80 characters', 1300, { redirectUri: `https://partner.example.com/${'x'.repeat(52)}` }],
    ['scopes of 130 characters', 1300, { scope: Array.from({ length: 10 }, (_, index) => `invoice${index}:all`) }],
  ])('with %s is at most %d bytes, as a code and when active', async (_what, most, overrides) => {
    const code = newCode({ ...realistic, ...overrides })
    await here.store.authorizations.create(code)
    expect(await bytes(code.id)).toBeLessThanOrEqual(most)
    await here.store.authorizations.redeem(redemptionOf(code))
    expect(await bytes(code.id)).toBeLessThanOrEqual(most)
    await here.store.authorizations.revoke(code.id)
    expect(await here.redis.exists(here.keys.authorization(code.id))).toBe(0)
  })

  it('does not grow with the number of refreshes', async () => {
    const code = newCode({ ...realistic, id: newId() })
    await here.store.authorizations.create(code)
    await here.store.authorizations.redeem(redemptionOf(code))
    const rotate = async (from: number, to: number) => {
      for (let generation = from; generation < to; generation++) {
        const wanted = rotationOf(code, generation, { now: NOW + MINUTE + generation })
        expect(await here.store.authorizations.rotate(wanted)).toMatchObject({ status: 'rotated' })
      }
      return bytes(code.id)
    }
    // From the 128th on a generation takes three bytes instead of two: both ends are measured where it does.
    const early = await rotate(1, 200)
    const late = await rotate(200, 1200)
    expect(late).toBe(early)
    const own = await here.redis.keys(`*${code.id}*`)
    expect(own).toEqual([here.keys.authorization(code.id)])
    expect(await here.store.authorizations.find(code.id, NOW + HOUR)).toMatchObject({ generation: 1200 })
  })
})
