import { createHash, randomBytes } from 'node:crypto'

/** A fresh verifier and its S256 challenge, made without any code of the server. */
export function pkcePair(verifier = randomBytes(32).toString('base64url')): { verifier: string; challenge: string } {
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}
