/** The scopes that ask for claims (OpenID Connect Core §5.4). */
const CLAIMS_OF_SCOPE: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
}

/** The scopes of OpenID Connect (Core §3.1.2.1, §5.4). The catalogues of the pages have a sentence for each. */
export const OPENID_SCOPES: readonly string[] = ['openid', 'profile', 'email', 'address', 'phone']

/** The standard claims about a person (Core §5.1), but for `sub`, which every answer has. */
export const supportedClaims: readonly string[] = Object.values(CLAIMS_OF_SCOPE).flat()

/** The one assurance there is to give (Core §2, `acr`): a password, remembered by a cookie. */
export const ACR = '1'

/** The scope that asks for the claim, in whatever language (Core §5.2); undefined for a claim of no standard scope. */
export function scopeOfClaim(name: string): string | undefined {
  const plain = name.split('#')[0] as string
  return Object.entries(CLAIMS_OF_SCOPE).find(([, claims]) => claims.includes(plain))?.[0]
}

/** What a token says of itself (Core §2, RFC 7519 §4.1 and its registry): never taken from what is known of a person. */
const CLAIMS_OF_TOKENS: readonly string[] = [
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'auth_time',
  'nonce',
  'acr',
  'amr',
  'azp',
  'at_hash',
  'c_hash',
  's_hash',
  'sid',
  'events',
  'cnf',
  'act',
  'may_act',
  'client_id',
  'scope',
  '_claim_names',
  '_claim_sources',
]

/** Whether only the server may say this: a claim about the token or the sign-in, not about the person. */
export function isClaimOfTokens(name: string): boolean {
  return CLAIMS_OF_TOKENS.includes(name)
}

/**
 * What a client learns about a person: the standard claims of the scopes, and those asked for one by one (Core §5.5).
 * What is not known is left out (§5.3.2). Never `sub`: that is another one for each kind of client.
 *
 * @param scope the scopes that were granted
 * @param requestedNames claims asked for by name; one with a language tag (§5.2) stands for itself
 */
export function claimsOf(
  userClaims: Readonly<Record<string, unknown>>,
  scope: readonly string[],
  requestedNames: readonly string[],
): Record<string, unknown> {
  const byScope = scope.flatMap((name) => (Object.hasOwn(CLAIMS_OF_SCOPE, name) ? (CLAIMS_OF_SCOPE[name] ?? []) : []))
  const names = [...new Set([...byScope, ...requestedNames])]
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = Object.hasOwn(userClaims, name) && !isClaimOfTokens(name) ? userClaims[name] : undefined
      return isKnown(value) ? [[name, value]] : []
    }),
  )
}

function isKnown(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}
