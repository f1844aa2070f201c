import { isRecord } from '../lib/json-object.ts'
import { isClaimOfTokens, supportedClaims } from '../oauth/openid-claims.ts'
import { quoted } from './problem.ts'

const BOOLEANS: readonly string[] = ['email_verified', 'phone_number_verified']
const ADDRESS_MEMBERS = ['formatted', 'street_address', 'locality', 'region', 'postal_code', 'country']

/** Seconds since the epoch stay below this until the year 5138; milliseconds have been above it since 1973. */
const SURELY_MILLISECONDS = 100_000_000_000

/**
 * What is wrong with the claims of a user, a line for each (OpenID Connect Core §5.1, §5.1.1). Libraries parse the standard
 * ones by their types and refuse an ID token where one is of another. Claims of one's own may be anything.
 */
export function claimProblems(claims: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(claims).flatMap(([name, value]) => {
    if (isClaimOfTokens(name)) return [`${name} is said by the server itself; leave it out`]
    // Core §5.2: a claim in one language is of the same type.
    const standard = name.split('#')[0] as string
    const right = supportedClaims.includes(standard) ? typeProblem(standard, value) : undefined
    return right === undefined ? [] : [`${name} must be ${right}, not ${quoted(value)}`]
  })
}

function typeProblem(name: string, value: unknown): string | undefined {
  if (BOOLEANS.includes(name)) return typeof value === 'boolean' ? undefined : 'true or false'
  if (name === 'updated_at') return isSeconds(value) ? undefined : 'a time in seconds since 1970'
  if (name === 'address') return isAddress(value) ? undefined : `an object with text in ${ADDRESS_MEMBERS.join(', ')}`
  return typeof value === 'string' && value !== '' ? undefined : 'text'
}

function isSeconds(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < SURELY_MILLISECONDS
}

function isAddress(value: unknown): boolean {
  if (!isRecord(value)) return false
  const known = ADDRESS_MEMBERS.map((name) => value[name]).filter((member) => member !== undefined)
  return known.length > 0 && known.every((member) => typeof member === 'string' && member !== '')
}
