import { readUsers } from '../../src/config/users.ts'
import { alice } from '../helpers/fixtures.ts'
import { linesOf } from './load.ts'

// The claims of a user in USERS (OpenID Connect Core §5.1): libraries refuse ID tokens whose claims are of another type.

const read = (...users: unknown[]) => readUsers(JSON.stringify(users), { plainPasswords: true })
const complaints = (claims: object) =>
  linesOf(() => read(alice, { ...alice, sub: 'other', username: 'other', ...claims }))

it('keeps every claim as it is given, standard or not', () => {
  const claims = {
    name: 'Alice Liddell',
    given_name: 'Alice',
    'given_name#ja': 'アリス',
    email: 'alice@example.com',
    email_verified: true,
    phone_number: '+44 1865 000000',
    phone_number_verified: false,
    updated_at: 1_700_000_000,
    address: { street_address: 'Christ Church', locality: 'Oxford', country: 'GB' },
    roles: ['reader'],
    'https://example.com/level': 3,
  }
  expect(read({ ...alice, ...claims })[0]?.claims).toEqual(claims)
})

const address = 'an object with text in formatted, street_address, locality, region, postal_code, country'

it.each<[string, unknown, string]>([
  ['email', 5, 'text'],
  ['email', '', 'text'],
  ['given_name', null, 'text'],
  ['birthdate', 19_800_101, 'text'],
  ['picture', ['https://example.com/a.png'], 'text'],
  ['family_name#ja', 5, 'text'],
  ['email_verified', 'true', 'true or false'],
  ['email_verified', 1, 'true or false'],
  ['phone_number_verified', 'no', 'true or false'],
  ['updated_at', '2026-01-01', 'a time in seconds since 1970'],
  ['updated_at', 1_700_000_000_000, 'a time in seconds since 1970'],
  ['updated_at', -1, 'a time in seconds since 1970'],
  ['address', 'Christ Church, Oxford', address],
  ['address', { locality: 5 }, address],
  ['address', {}, address],
  ['address', [], address],
])('refuses %s %j, naming the user and the claim', (name, value, right) => {
  expect(complaints({ [name]: value })).toEqual([`[1]: ${name} must be ${right}, not ${JSON.stringify(value)}`])
})

it.each(['iss', 'aud', 'exp', 'iat', 'nonce', 'auth_time', 'acr', 'amr', 'azp', 'at_hash', 'sid', 'cnf', 'client_id'])(
  'refuses %s: a person cannot say it of a token',
  (name) => {
    expect(complaints({ [name]: 'x' })).toEqual([`[1]: ${name} is said by the server itself; leave it out`])
  },
)

it('tells all problems of a user at once', () => {
  expect(complaints({ name: 5, email_verified: 'yes', locale: 5 })).toEqual([
    '[1]: name must be text of 1 to 200 characters, not 5',
    '[1]: email_verified must be true or false, not "yes"',
    '[1]: locale must be text, not 5',
  ])
})
