import { isRecord } from '../lib/json-object.ts'
import { isShortText } from './members.ts'
import { json } from './parsers.ts'
import { Problems, quoted } from './problem.ts'
import { claimProblems } from './user-claims.ts'

/** A local user: OpenID claims, and how they prove who they are. */
export interface UserRecord {
  /** OpenID Connect Core §2: at most 255 ASCII characters, never reassigned. */
  sub: string
  username: string
  /** argon2id PHC string; undefined where a plain password is given. */
  passwordHash: string | undefined
  /** Plain password, for development only. */
  password: string | undefined
  name: string
  /** The OpenID claims as they were given, `name` among them where it was; never `sub` or a password. */
  claims: Readonly<Record<string, unknown>>
}

/** The spelling under which a username is looked up: people type capitals and blanks that they do not mean. */
export function canonicalUsername(username: string): string {
  return username.normalize('NFKC').trim().toLowerCase()
}

/**
 * The users of the USERS variable.
 *
 * @throws Problems naming the user by position and the member at fault; never repeats a password
 */
export function readUsers(value: string, options: { plainPasswords: boolean }): UserRecord[] {
  const list = json(value)
  if (!Array.isArray(list)) throw new Problems('must be a JSON array of users')
  const lines: string[] = []
  const users = list.flatMap((entry, index) => {
    try {
      return [readUser(entry, options.plainPasswords)]
    } catch (error) {
      if (!(error instanceof Problems)) throw error
      lines.push(...error.lines.map((line) => `[${index}]: ${line}`))
      return []
    }
  })
  for (const key of ['sub', 'username'] as const) {
    const values = users.map((user) => (key === 'username' ? canonicalUsername(user.username) : user.sub))
    const twice = values.find((text, index) => values.indexOf(text) !== index)
    if (twice !== undefined) lines.push(`has the ${key} ${quoted(twice)} twice`)
  }
  if (lines.length > 0) throw new Problems(...lines)
  return users
}

function readUser(entry: unknown, plainPasswords: boolean): UserRecord {
  if (!isRecord(entry)) throw new Problems('must be an object')
  const { sub, username, password, password_hash, ...claims } = entry
  const lines: string[] = []
  if (typeof sub !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(sub)) {
    lines.push(`sub must be 1 to 255 printable ASCII characters without spaces, not ${quoted(sub)}`)
  }
  if (typeof username !== 'string' || !isShortText(username) || canonicalUsername(username) === '') {
    lines.push(`username must be text of 1 to 200 characters, not ${quoted(username)}`)
  }
  if ((password === undefined) === (password_hash === undefined)) {
    lines.push('must have either password_hash or, outside production, password')
  } else if (password_hash !== undefined) {
    if (
      typeof password_hash !== 'string' ||
      !/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/.test(password_hash)
    ) {
      lines.push('password_hash must be an argon2id string such as $argon2id$v=19$m=19456,t=2,p=1$...')
    }
  } else if (!plainPasswords) {
    lines.push('password is refused in production; give password_hash')
  } else if (typeof password !== 'string' || password === '') {
    lines.push('password must be text')
  }
  const name = claims.name === undefined ? username : claims.name
  if (claims.name !== undefined && !isShortText(name)) {
    lines.push(`name must be text of 1 to 200 characters, not ${quoted(name)}`)
  }
  const { name: judged, ...others } = claims
  lines.push(...claimProblems(others))
  if (lines.length > 0) throw new Problems(...lines)
  return {
    sub: sub as string,
    username: username as string,
    passwordHash: password_hash as string | undefined,
    password: password as string | undefined,
    name: name as string,
    claims,
  }
}
