import { availableParallelism } from 'node:os'
import { verify } from '@node-rs/argon2'
import { canonicalUsername, type UserRecord } from '../config/users.ts'
import { createAtOnce } from '../lib/at-once.ts'
import { safeEqual } from '../lib/safe-equal.ts'
import type { IdentitySource, User } from './identity-source.ts'
import { hashPassword, LONGEST_PASSWORD } from './password-hash.ts'

/**
 * How many passwords are verified at once: one processor stays free for the requests of everybody else. Each takes tens of
 * milliseconds of one, and 19 MB.
 */
const AT_ONCE = Math.max(1, availableParallelism() - 1)

const NOBODYS = 'a password that is nobody’s'

/** The users of the configuration. */
export interface LocalUsers extends IdentitySource {
  /** Puts other users in place of all. */
  replace(users: readonly UserRecord[]): void
}

export async function createLocalUsers(initial: readonly UserRecord[]): Promise<LocalUsers> {
  // Verified where there is no hash to verify, so that an unknown name takes as long as a known one. Nobody waits for it
  // before the first sign-in, and every sign-in does, so that this tells nothing either.
  const making = hashPassword(NOBODYS)
  const atOnce = createAtOnce(AT_ONCE)
  let alike: string | undefined
  let byName = new Map<string, UserRecord>()
  let bySubject = new Map<string, UserRecord>()

  const replace = (users: readonly UserRecord[]) => {
    byName = new Map(users.map((user) => [canonicalUsername(user.username), user]))
    bySubject = new Map(users.map((user) => [user.sub, user]))
    alike = decoyLike(users)
  }
  replace(initial)

  return {
    async authenticate(username, password) {
      if (password.length > LONGEST_PASSWORD) return undefined
      const ours = await making
      const record = byName.get(canonicalUsername(username))
      const hashMatches = await atOnce(() => verify(record?.passwordHash ?? alike ?? ours, password))
      if (record === undefined) return undefined
      const matches = record.password === undefined ? hashMatches : safeEqual(record.password, password)
      return matches ? asUser(record) : undefined
    },
    async named(username) {
      const record = byName.get(canonicalUsername(username))
      return record && asUser(record)
    },
    async find(subject) {
      const record = bySubject.get(subject)
      return record && asUser(record)
    },
    replace,
  }
}

/**
 * A hash that takes as much work as most of the users' own, which may come from another system with other settings. What it
 * is a hash of does not matter: nobody is behind it.
 */
function decoyLike(users: readonly UserRecord[]): string | undefined {
  const hashes = users.flatMap(({ passwordHash }) => passwordHash ?? [])
  const settings = hashes.map((hash) => hash.split('$').slice(0, 4).join('$'))
  const count = (wanted: string) => settings.filter((one) => one === wanted).length
  const common = [...new Set(settings)].sort((one, other) => count(other) - count(one))[0]
  return hashes.find((hash) => common !== undefined && hash.startsWith(`${common}$`))
}

function asUser(record: UserRecord): User {
  return { subject: record.sub, username: record.username, name: record.name, claims: record.claims }
}
