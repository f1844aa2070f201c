import type { Mac } from '../lib/mac.ts'
import type { Random } from '../lib/random.ts'

/**
 * The browsers that people were signed in from before, by a cookie. It grants nothing but a count of its own for failed
 * sign-ins: who guesses at an account from elsewhere does not make its owner wait (OWASP, "device cookies").
 */
export interface Devices {
  /** The id of the browser for that account, where its cookie has one. */
  find(cookie: string | undefined, account: string): string | undefined
  /** The cookie of a browser that has just signed in to the account: with the id it has for it, or else a new one. */
  remember(cookie: string | undefined, account: string): string
}

interface Entry {
  id: string
  code: string
}

/** A family at one browser. Each account has an entry of its own, the last one used first. */
const MOST_ACCOUNTS = 3

const ENTRY = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

/**
 * An entry is `<id>.<mac>`, and the MAC is over id and account: for any other account it is worth nothing, and it does not
 * tell whoever reads the cookie whose it is. What is malformed in any part is no cookie at all.
 *
 * @param mac under a key for this purpose alone
 */
export function createDevices({ mac, random }: { mac: Mac; random: Random }): Devices {
  const textOf = (id: string, account: string) => JSON.stringify([account, id])
  const own = (entries: readonly Entry[], account: string) =>
    entries.find(({ id, code }) => mac.verify(textOf(id, account), code))

  return {
    find: (cookie, account) => own(readEntries(cookie), account)?.id,
    remember(cookie, account) {
      const entries = readEntries(cookie)
      const known = own(entries, account)
      const id = known?.id ?? random.id()
      // Signed anew, so that the secret it was made with can go one day.
      const renewed = { id, code: mac.sign(textOf(id, account)) }
      const all = [renewed, ...entries.filter((entry) => entry !== known)].slice(0, MOST_ACCOUNTS)
      return all.map((entry) => `${entry.id}.${entry.code}`).join('~')
    },
  }
}

function readEntries(cookie: string | undefined): Entry[] {
  const parts = cookie?.split('~', MOST_ACCOUNTS + 1) ?? []
  const entries = parts.flatMap((part) => {
    const match = ENTRY.exec(part)
    return match === null ? [] : [{ id: match[1] as string, code: match[2] as string }]
  })
  return entries.length === parts.length && parts.length <= MOST_ACCOUNTS ? entries : []
}
