import argon2 from '@node-rs/argon2'
import { readUsers } from '../../src/config/users.ts'
import { createLocalUsers } from '../../src/identity/local-users.ts'
import { hashPassword } from '../../src/identity/password-hash.ts'
import { alice, bob } from '../helpers/fixtures.ts'

it('a user comes with the claims of USERS, and without what they prove themselves by', async () => {
  const claims = { name: alice.name, email: 'alice@example.com', email_verified: true }
  const users = await createLocalUsers(readUsers(JSON.stringify([{ ...alice, ...claims }]), { plainPasswords: true }))
  const user = { subject: alice.sub, username: 'alice', name: alice.name, claims }
  expect(await users.authenticate('alice', alice.password)).toEqual(user)
  expect(await users.find(alice.sub)).toEqual(user)
})

it('a user is found by any spelling of their name, and nobody by another', async () => {
  const users = await createLocalUsers(readUsers(JSON.stringify([alice]), { plainPasswords: true }))
  expect(await users.named(' ALICE ')).toMatchObject({ subject: alice.sub })
  expect(await users.named('alic')).toBeUndefined()
})

it('every name costs one verification, whether it exists, has a hash or a plain password, and whether it is right', async () => {
  const hashed = { ...bob, password: undefined, password_hash: await hashPassword(bob.password) }
  const users = await createLocalUsers(readUsers(JSON.stringify([alice, hashed]), { plainPasswords: true }))
  const verify = jest.spyOn(argon2, 'verify')
  const costs: number[] = []
  for (const [username, password] of [
    ['alice', alice.password],
    ['alice', 'wrong'],
    ['bob', bob.password],
    ['bob', 'wrong'],
    ['nobody', 'wrong'],
    ['', ''],
  ] as const) {
    await users.authenticate(username, password)
    costs.push(verify.mock.calls.length)
    verify.mockClear()
  }
  verify.mockRestore()
  expect(costs).toEqual([1, 1, 1, 1, 1, 1])
})

it('an unknown name costs as much as most of the names do, whatever their hashes were made with', async () => {
  const costly = await argon2.hash('secret', { memoryCost: 8192, timeCost: 3 })
  const cheap = await argon2.hash('secret', { memoryCost: 4096, timeCost: 1 })
  const records = [cheap, costly, costly].map((password_hash, index) => ({
    sub: `user-${index}`,
    username: `user-${index}`,
    password_hash,
  }))
  const users = await createLocalUsers(readUsers(JSON.stringify(records), { plainPasswords: false }))
  const verify = jest.spyOn(argon2, 'verify')
  await users.authenticate('nobody', 'wrong')
  expect(String(verify.mock.calls[0]?.[0])).toMatch(/^\$argon2id\$v=19\$m=8192,t=3,p=1\$/)
  verify.mockRestore()
})

it('a password longer than any is refused unhashed, for every name', async () => {
  const users = await createLocalUsers(readUsers(JSON.stringify([alice]), { plainPasswords: true }))
  const verify = jest.spyOn(argon2, 'verify')
  for (const name of ['alice', 'nobody']) expect(await users.authenticate(name, 'x'.repeat(1025))).toBeUndefined()
  expect(verify).not.toHaveBeenCalled()
  verify.mockRestore()
})
