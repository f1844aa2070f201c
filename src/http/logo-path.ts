import { basePathOf } from './issuer-url.ts'

/** Where the logos of clients live below the issuer, in Express's spelling. */
export const LOGO_PATH = '/assets/logos/:digest'

/**
 * The address of one logo, without the origin. It names the client, so that a process that has never shown the picture, as
 * behind a balancer, knows where to get it.
 */
export function logoPath(issuer: string, digest: string, clientId: string): string {
  const path = `${basePathOf(issuer)}${LOGO_PATH.replace(':digest', digest)}`
  return `${path}?client_id=${encodeURIComponent(clientId)}`
}
