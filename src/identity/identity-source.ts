/** A person with an account. */
export interface User {
  /** Stable and never reassigned; the `sub` of their tokens. */
  subject: string
  username: string
  /** What to call them on a page. */
  name: string
  /** The OpenID claims about them (OpenID Connect Core §5.1), but for `sub`; of one's own ones too. */
  claims: Readonly<Record<string, unknown>>
}

/** Where people's accounts live. */
export interface IdentitySource {
  /** The user with that name and password, or undefined; the same work whether or not the name exists. */
  authenticate(username: string, password: string): Promise<User | undefined>
  /** The user of that name. For the audit log: who knows no password is told nothing of it. */
  named(username: string): Promise<User | undefined>
  /** The user while their account exists. */
  find(subject: string): Promise<User | undefined>
}
