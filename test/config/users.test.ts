import { readScopes } from '../../src/config/scopes.ts'
import { canonicalUsername, readUsers } from '../../src/config/users.ts'
import { alice, bob } from '../helpers/fixtures.ts'
import { linesOf } from './load.ts'

const HASH = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$YWhhc2hvZnRoaXJ0eXR3b2J5dGVzYWhhc2hvZnRoaXI'

const read = (...users: unknown[]) => readUsers(JSON.stringify(users), { plainPasswords: true })
const complaints = (...users: unknown[]) => linesOf(() => read(...users))

describe('users', () => {
  it('are claims, and a way to prove who one is', () => {
    expect(read(alice, { sub: 'user-bob', username: 'bob', password_hash: HASH, email: 'bob@example.com' })).toEqual([
      {
        sub: 'user-alice',
        username: 'alice',
        password: 'down the rabbit hole',
        passwordHash: undefined,
        name: 'Alice Liddell',
        claims: { name: 'Alice Liddell' },
      },
      {
        sub: 'user-bob',
        username: 'bob',
        password: undefined,
        passwordHash: HASH,
        name: 'bob',
        claims: { email: 'bob@example.com' },
      },
    ])
  })

  it('never have a password among their claims', () => {
    const [plain, hashed] = read(alice, { ...bob, password: undefined, password_hash: HASH })
    expect(JSON.stringify([plain?.claims, hashed?.claims])).not.toMatch(/rabbit|argon2id/)
  })

  it.each<[string, unknown, string]>([
    ['sub', undefined, 'sub must be 1 to 255 printable ASCII characters without spaces, not undefined'],
    ['sub', '', 'sub must be 1 to 255 printable ASCII characters without spaces, not ""'],
    ['sub', 'é', 'sub must be 1 to 255 printable ASCII characters without spaces, not "é"'],
    ['sub', 'a b', 'sub must be 1 to 255 printable ASCII characters without spaces, not "a b"'],
    ['sub', 5, 'sub must be 1 to 255 printable ASCII characters without spaces, not 5'],
    ['username', undefined, 'username must be text of 1 to 200 characters, not undefined'],
    ['username', ' ', 'username must be text of 1 to 200 characters, not " "'],
    ['username', 5, 'username must be text of 1 to 200 characters, not 5'],
    ['username', 'alice\u0000', 'username must be text of 1 to 200 characters, not "alice\\u0000"'],
    ['username', 'ali\nce', 'username must be text of 1 to 200 characters, not "ali\\nce"'],
    ['username', 'alice\u0085', 'username must be text of 1 to 200 characters, not "alice\u0085"'],
    ['name', null, 'name must be text of 1 to 200 characters, not null'],
    ['name', 'a\tb', 'name must be text of 1 to 200 characters, not "a\\tb"'],
    ['name', '', 'name must be text of 1 to 200 characters, not ""'],
    ['name', 5, 'name must be text of 1 to 200 characters, not 5'],
    ['password', undefined, 'must have either password_hash or, outside production, password'],
    ['password_hash', HASH, 'must have either password_hash or, outside production, password'],
    ['password', '', 'password must be text'],
    ['password', 5, 'password must be text'],
  ])('a message names the place, the member and what would be right: %s %j', (name, value, line) => {
    expect(complaints({ ...alice, [name]: value })).toEqual([`[0]: ${line}`])
  })

  it('take a sub of 255 characters and not one more (OpenID Connect Core §2)', () => {
    expect(complaints({ ...alice, sub: 'x'.repeat(255) })).toEqual([])
    expect(complaints({ ...alice, sub: 'x'.repeat(256) })).toHaveLength(1)
  })

  it('take a username of 200 characters and not one more', () => {
    expect(complaints({ ...alice, username: 'x'.repeat(200) })).toEqual([])
    expect(complaints({ ...alice, username: 'x'.repeat(201) })).toHaveLength(1)
  })

  it.each([
    '$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA',
    '$argon2d$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA',
    '$argon2id$v=16$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA',
    '$argon2id$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA',
    '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ',
    '$2b$12$c29tZXNhbHRzb21lc2FsdO',
    `${HASH}\n`,
    'hash',
    '',
    5,
  ])('a password_hash must be argon2id in the PHC spelling, and %j is not', (password_hash) => {
    expect(complaints({ ...alice, password: undefined, password_hash })).toEqual([
      '[0]: password_hash must be an argon2id string such as $argon2id$v=19$m=19456,t=2,p=1$...',
    ])
  })

  it('have no plain password in production', () => {
    const inProduction = (user: object) => linesOf(() => readUsers(JSON.stringify([user]), { plainPasswords: false }))
    expect(inProduction(alice)).toEqual(['[0]: password is refused in production; give password_hash'])
    expect(inProduction({ ...alice, password: undefined, password_hash: HASH })).toEqual([])
  })

  it('are told apart by sub, and by username in the spelling that is looked up', () => {
    expect(complaints(alice, { ...bob, sub: alice.sub })).toEqual(['has the sub "user-alice" twice'])
    expect(complaints(alice, { ...bob, username: ' ALICE ' })).toEqual(['has the username "alice" twice'])
    expect(complaints(alice, { ...bob, username: 'ａｌｉｃｅ' })).toEqual(['has the username "alice" twice'])
    expect(complaints(alice, { ...bob, sub: 'User-Alice' })).toEqual([])
  })

  it('have all their problems told at once', () => {
    expect(complaints({ ...alice, sub: '', name: 5 }, 'bob', { ...bob, username: '' })).toEqual([
      expect.stringMatching(/^\[0\]: sub /),
      expect.stringMatching(/^\[0\]: name /),
      '[1]: must be an object',
      expect.stringMatching(/^\[2\]: username /),
    ])
  })

  it.each(['{}', 'null', '"alice"'])('must be an array, and %s is none', (value) => {
    expect(linesOf(() => readUsers(value, { plainPasswords: true }))).toEqual(['must be a JSON array of users'])
  })
})

describe('canonicalUsername', () => {
  it.each([
    ['Alice', 'alice'],
    ['  alice\t', 'alice'],
    ['ALICE@Example.COM', 'alice@example.com'],
    ['ａｌｉｃｅ', 'alice'],
    ['e\u0301mile', '\u00e9mile'],
    ['\u00a0alice\u3000', 'alice'],
    ['alice liddell', 'alice liddell'],
  ])('of %j is %j', (typed, canonical) => {
    expect(canonicalUsername(typed)).toBe(canonical)
  })

  it('of itself is itself, so that one person has one count of attempts', () => {
    const wavering = Array.from({ length: 0x2fff }, (_, code) => String.fromCodePoint(code)).filter(
      (character) => canonicalUsername(canonicalUsername(character)) !== canonicalUsername(character),
    )
    expect(wavering).toEqual([])
  })
})

describe('scopes', () => {
  it('are names and sentences, in their order', () => {
    const scopes = readScopes('{"write":"Change your things","read":"See your things"}')
    expect(Object.entries(scopes)).toEqual([
      ['write', 'Change your things'],
      ['read', 'See your things'],
    ])
    expect(Object.isFrozen(scopes)).toBe(true)
    expect(readScopes('{}')).toEqual({})
  })

  it('may have a name that objects inherit', () => {
    expect(Object.keys(readScopes('{"__proto__":"See your prototype","constructor":"Build"}'))).toEqual([
      '__proto__',
      'constructor',
    ])
  })

  it.each(['[]', 'null', '"read"', '["read"]'])('must be an object, and %s is none', (value) => {
    expect(linesOf(() => readScopes(value))).toEqual(['must be a JSON object: scope name to sentence'])
  })

  it('have all their problems told at once, by name (RFC 6749 §3.3)', () => {
    const value = JSON.stringify({ 'a b': 'x', '': 'x', é: 'x', read: '', write: 5, ok: 'Fine', long: 'x'.repeat(201) })
    expect(linesOf(() => readScopes(value))).toEqual([
      'has the name "a b", which RFC 6749 §3.3 does not allow',
      'has the name "", which RFC 6749 §3.3 does not allow',
      'has the name "é", which RFC 6749 §3.3 does not allow',
      '"read" must be a sentence of 1 to 200 characters',
      '"write" must be a sentence of 1 to 200 characters',
      '"long" must be a sentence of 1 to 200 characters',
    ])
  })
})
