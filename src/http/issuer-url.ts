/** The path part of the issuer: empty, or such as /tenant. */
export function basePathOf(issuer: string): string {
  return new URL(issuer).pathname.replace(/\/$/, '')
}
