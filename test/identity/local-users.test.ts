import { readUsers } from '../../src/config/users.ts'
import { createLocalUsers } from '../../src/identity/local-users.ts'
import { alice } from '../helpers/fixtures.ts'

it('a user comes with the claims of USERS, and without what they prove themselves by', async () => {
  const claims = { name: alice.name, email: 'alice@example.com', email_verified: true }
  const users = await createLocalUsers(readUsers(JSON.stringify([{ ...alice, ...claims }]), { plainPasswords: true }))
  const user = { subject: alice.sub, username: 'alice', name: alice.name, claims }
  expect(await users.authenticate('alice', alice.password)).toEqual(user)
  expect(await users.find(alice.sub)).toEqual(user)
})
