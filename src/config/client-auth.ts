import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Client } from '../oauth/client.ts'
import { isSameAlgorithm, type PublicKey } from '../oauth/public-key.ts'
import { jwks } from './client-jwks.ts'
import { fetchedUri } from './fetched-uri.ts'
import * as members from './members.ts'
import { Problems } from './problem.ts'

/** How a client proves who it is. */
export type ClientAuth = Pick<
  Client,
  'token_endpoint_auth_method' | 'token_endpoint_auth_signing_alg' | 'secretHashes' | 'hmacKeys' | 'jwks' | 'jwks_uri'
>

/** What the rest of the server knows of client authentication. */
export interface SupportedAuth {
  clientAuthMethods: readonly string[]
  /** The signature algorithms of each method that has any. */
  signingAlgorithms: Readonly<Record<string, readonly string[]>>
  /** Whether addresses such as a jwks_uri may be http on this machine itself: for development. */
  allowLoopback: boolean
}

/** Reads a member by its name, or gives the fallback; what is wrong with it is added to the problems. */
export type ReadMember = <T>(name: string, reader: members.Reader<T>, fallback: T) => T

/**
 * The members of a client's metadata by which it authenticates (RFC 7591 §2).
 *
 * @param lines where problems are added, each naming the member and what would be right
 */
export function readClientAuth(read: ReadMember, lines: string[], supported: SupportedAuth): ClientAuth {
  const before = lines.length
  const secrets = read('client_secret', members.oneOrTwo(plainSecret), [])
  const hashes = read('client_secret_hash', members.oneOrTwo(members.hashedSecret), [])
  const keys = read<readonly PublicKey[] | undefined>('jwks', jwks, undefined)
  const jwksUri = fetchedUri(supported.allowLoopback, '; put the keys in jwks instead')
  const keysUri = read<string | undefined>('jwks_uri', jwksUri, undefined)
  const method = read(
    'token_endpoint_auth_method',
    members.member(supported.clientAuthMethods),
    defaultMethod(secrets.length + hashes.length > 0, keys !== undefined || keysUri !== undefined),
  )
  const algorithms = supported.signingAlgorithms[method] ?? []
  const readAlg: members.Reader<string> = algorithms.length === 0 ? unneededAlg(method) : members.member(algorithms)
  const alg = read<string | undefined>('token_endpoint_auth_signing_alg', readAlg, undefined)

  // A member that is wrong by itself would only bring forth other, misleading lines.
  if (lines.length === before) {
    lines.push(...problems({ method, alg, keys, keysUri, secrets: secrets.length, hashes: hashes.length }))
  }
  return {
    token_endpoint_auth_method: method,
    ...(alg === undefined ? {} : { token_endpoint_auth_signing_alg: alg }),
    secretHashes: [...secrets.map(({ hash }) => hash), ...hashes],
    // Whoever needs no plain secret keeps none.
    ...(method === 'client_secret_jwt' ? { hmacKeys: secrets.map(({ hmacKey }) => hmacKey) } : {}),
    ...(keys === undefined ? {} : { jwks: keys }),
    ...(keysUri === undefined ? {} : { jwks_uri: keysUri }),
  }
}

/** RFC 7591 §2 has client_secret_basic for all; a client with keys or with nothing clearly means something else. */
function defaultMethod(hasSecret: boolean, hasKeys: boolean): string {
  if (hasSecret) return 'client_secret_basic'
  return hasKeys ? 'private_key_jwt' : 'none'
}

interface Facts {
  method: string
  alg: string | undefined
  keys: readonly PublicKey[] | undefined
  keysUri: string | undefined
  secrets: number
  hashes: number
}

function problems({ method, alg, keys, keysUri, secrets, hashes }: Facts): string[] {
  const lines: string[] = []
  const named = `token_endpoint_auth_method ${method}`
  const hasSecret = secrets + hashes > 0
  if (secrets + hashes > 2) lines.push('has more than two live secrets in client_secret and client_secret_hash')
  if (keys !== undefined && keysUri !== undefined) {
    lines.push('jwks and jwks_uri do not go together; leave one of them out (RFC 7591 §2)')
  }
  if (method === 'none' && hasSecret) lines.push(`${named} does not go with a client_secret; leave one of them out`)
  if (method === 'none' && (keys ?? keysUri) !== undefined) {
    lines.push(`${named} does not go with keys; leave jwks and jwks_uri out, or use private_key_jwt`)
  }
  if (method.startsWith('client_secret') && !hasSecret) {
    lines.push(`${named} needs a client_secret${method === 'client_secret_jwt' ? '' : ' or client_secret_hash'}`)
  }
  if (method === 'client_secret_jwt' && hashes > 0) {
    lines.push(`${named} needs a plain client_secret: from a client_secret_hash no HMAC can be made`)
  }
  if (method === 'private_key_jwt' && (keys ?? keysUri) === undefined) {
    lines.push(`${named} needs the client's public keys, in jwks or at a jwks_uri`)
  }
  if (method === 'private_key_jwt' && hasSecret) {
    lines.push(`${named} does not go with a client_secret; leave one of them out`)
  }
  if (alg !== undefined && keys !== undefined && !keys.some((key) => key.algorithms.some(sameAs(alg)))) {
    lines.push(`token_endpoint_auth_signing_alg ${alg} fits none of the keys in jwks`)
  }
  return lines
}

function sameAs(alg: string): (other: string) => boolean {
  return (other) => isSameAlgorithm(alg, other)
}

function unneededAlg(method: string): members.Reader<string> {
  return () => {
    throw new Problems(`does not go with token_endpoint_auth_method ${method}, which signs nothing; leave it out`)
  }
}

/** A secret as its hash and as a key that prints nothing of itself, neither in a log nor as JSON. */
function plainSecret(value: unknown): { hash: string; hmacKey: KeyObject } {
  return { hash: members.plainSecret(value), hmacKey: createSecretKey(Buffer.from(value as string)) }
}
