import { createDevices } from '../../src/http/devices.ts'
import { createMac } from '../../src/lib/mac.ts'
import { systemRandom } from '../../src/lib/random.ts'
import { SECRET } from '../helpers/fixtures.ts'

const OLD = 'an-older-secret-of-more-than-32-characters'
const devicesOf = (...secrets: string[]) => createDevices({ mac: createMac(secrets, 'device'), random: systemRandom })
const devices = devicesOf(SECRET)

describe('the cookie of a known browser', () => {
  it('names the browser for the account it was made for, and for no other', () => {
    const cookie = devices.remember(undefined, 'alice')
    expect(devices.find(cookie, 'alice')).toMatch(/^[\w-]{22}$/)
    expect(devices.find(cookie, 'bob')).toBeUndefined()
    expect(devices.find(undefined, 'alice')).toBeUndefined()
  })

  it('does not tell which account it is for', () => {
    expect(devices.remember(undefined, 'alice')).toMatch(/^[\w-]{22}\.[\w-]{43}$/)
  })

  it('keeps its id at the next sign-in, so that the count of its failures stays its own', () => {
    const first = devices.remember(undefined, 'alice')
    expect(devices.find(devices.remember(first, 'alice'), 'alice')).toBe(devices.find(first, 'alice'))
  })

  it('holds three accounts, and forgets the one that was not used for longest', () => {
    let cookie: string | undefined
    for (const account of ['alice', 'bob', 'carol', 'alice', 'dave']) cookie = devices.remember(cookie, account)
    const known = ['alice', 'bob', 'carol', 'dave'].filter((account) => devices.find(cookie, account) !== undefined)
    expect(known).toEqual(['alice', 'carol', 'dave'])
    expect(cookie?.length).toBeLessThan(250)
  })

  it('is signed anew at each sign-in, so that an older secret can go', () => {
    const cookie = devicesOf(OLD).remember(undefined, 'alice')
    const rotating = devicesOf(SECRET, OLD)
    expect(rotating.find(cookie, 'alice')).toBeDefined()
    expect(devices.find(cookie, 'alice')).toBeUndefined()
    expect(devices.find(rotating.remember(cookie, 'alice'), 'alice')).toBe(rotating.find(cookie, 'alice'))
  })

  it.each([
    ['cut off', (cookie: string) => cookie.slice(0, -1)],
    ['longer by a letter', (cookie: string) => `${cookie}A`],
    ['with another id', (cookie: string) => `${'A'.repeat(22)}${cookie.slice(22)}`],
    ['in another spelling', (cookie: string) => cookie.replaceAll(/[-_]/g, '+').replace('.', '..')],
    ['with something else behind it', (cookie: string) => `${cookie}~x`],
    ['with an empty entry', (cookie: string) => `~${cookie}`],
    ['among too many', (cookie: string) => Array(4).fill(cookie).join('~')],
    ['empty', () => ''],
    ['huge', () => '~'.repeat(60_000)],
  ])('is none where it is %s', (_, change) => {
    const mangled = change(devices.remember(undefined, 'alice'))
    expect(devices.find(mangled, 'alice')).toBeUndefined()
    expect(devices.find(devices.remember(mangled, 'bob'), 'bob')).toBeDefined()
  })
})
