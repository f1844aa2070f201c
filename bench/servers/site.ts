import type { PrivateJwk } from '../../src/keys/make-key.ts'
import type { Build } from '../build.ts'

/** Where a server is put, and what it signs with. */
export interface Site {
  build: Build
  redisUrl: string
  signingKey: PrivateJwk
}

/** The status of an address, without following redirects. Throws where nobody answers. */
export async function statusOf(url: string): Promise<number> {
  const answer = await fetch(url, { redirect: 'manual' })
  await answer.arrayBuffer()
  return answer.status
}
