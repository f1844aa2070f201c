import type { Client } from '../oauth/client.ts'
import { type SigningAlgorithm, signingAlgorithms } from '../oauth/signing-algorithm.ts'
import type { ReadMember } from './client-auth.ts'
import * as members from './members.ts'
import { Problems, quoted } from './problem.ts'

/** What a client's metadata say of OpenID Connect. */
export type ClientOpenId = Pick<
  Client,
  | 'id_token_signed_response_alg'
  | 'userinfo_signed_response_alg'
  | 'subject_type'
  | 'sector_identifier_uri'
  | 'default_max_age'
  | 'require_auth_time'
  | 'post_logout_redirect_uris'
>

/** What the rest of the server knows of OpenID Connect. */
export interface SupportedOpenId {
  /** The algorithms that can sign now; undefined where SIGNING_KEYS could not be read. */
  activeAlgorithms?: readonly SigningAlgorithm[] | undefined
  /** Whether those are of keys that are made up, since SIGNING_KEYS is not given. */
  madeUpKeys?: boolean
}

/** The names of these members, for telling slips from what is unknown on purpose. */
export const OPENID_MEMBERS = [
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'subject_type',
  'sector_identifier_uri',
  'default_max_age',
  'require_auth_time',
  'post_logout_redirect_uris',
]

const YEAR = 31_536_000

/**
 * The members of OpenID Connect Dynamic Client Registration §2 and RP-Initiated Logout §3.1.
 *
 * The document behind sector_identifier_uri is not fetched. It is there to keep strangers who register themselves from
 * entering the sector of another (Core §8.1); here the operator registers every client and vouches for it.
 *
 * @param lines where problems are added, each naming the member and what would be right
 */
export function readClientOpenId(
  read: ReadMember,
  lines: string[],
  supported: SupportedOpenId,
  redirectUris: readonly string[],
): ClientOpenId {
  const before = lines.length
  const alg = signedBy(supported)
  const idTokenAlg = read<SigningAlgorithm | undefined>('id_token_signed_response_alg', alg, undefined)
  const userinfoAlg = read<SigningAlgorithm | undefined>('userinfo_signed_response_alg', alg, undefined)
  const subjectType = read('subject_type', members.member(['public', 'pairwise']), 'public') as 'public' | 'pairwise'
  const sector = read<string | undefined>('sector_identifier_uri', sectorUri, undefined)
  const maxAge = read<number | undefined>('default_max_age', members.wholeNumber({ min: 0, max: YEAR }), undefined)
  // A member that is wrong by itself would only bring forth other, misleading lines.
  if (lines.length === before && subjectType === 'pairwise' && sector === undefined) {
    lines.push(...sectorProblems(redirectUris))
  }
  return {
    ...(idTokenAlg === undefined ? {} : { id_token_signed_response_alg: idTokenAlg }),
    ...(userinfoAlg === undefined ? {} : { userinfo_signed_response_alg: userinfoAlg }),
    subject_type: subjectType,
    ...(sector === undefined ? {} : { sector_identifier_uri: sector }),
    ...(maxAge === undefined ? {} : { default_max_age: maxAge }),
    require_auth_time: read('require_auth_time', members.flag, false),
    post_logout_redirect_uris: read('post_logout_redirect_uris', members.listOf(members.redirectUri), []),
  }
}

/** An algorithm of which there is a key to sign with, or there would be answers that cannot be made. */
function signedBy({ activeAlgorithms, madeUpKeys }: SupportedOpenId): members.Reader<SigningAlgorithm> {
  return (value) => {
    const alg = members.member(signingAlgorithms)(value) as SigningAlgorithm
    if (activeAlgorithms?.includes(alg) !== false) return alg
    if (madeUpKeys !== true) throw new Problems(`${alg} has no active key in SIGNING_KEYS`)
    throw new Problems(`${alg} needs a key in SIGNING_KEYS; those made up are for ${activeAlgorithms.join(' and ')}`)
  }
}

function sectorUri(value: unknown): string {
  const uri = members.webUri(value)
  if (!uri.startsWith('https://')) throw new Problems(`must begin with https://, not ${quoted(value)}`)
  return uri
}

/** Core §8.1: where nothing else says so, the sector is the one host of the redirect URIs, and it must be the client's own. */
function sectorProblems(redirectUris: readonly string[]): string[] {
  const needs = 'subject_type pairwise needs a sector_identifier_uri'
  const shared = redirectUris.find((uri) => !uri.startsWith('https://'))
  if (shared !== undefined) return [`${needs}: the redirect URI ${quoted(shared)} is at no host of the client's own`]
  const hosts = [...new Set(redirectUris.map((uri) => new URL(uri).host))]
  return hosts.length > 1 ? [`${needs}: redirect_uris have several hosts, ${hosts.join(' and ')}`] : []
}
