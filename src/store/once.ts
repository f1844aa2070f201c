/** The port of what counts once. */
export interface OnceStore {
  /**
   * Whether this is the first use of the id in its scope. Every later one, on any process, is not, until `expiresAt` at
   * the earliest: nothing that is good for longer may be counted here.
   *
   * @param scope what the id is for, and whose it is, such as `dpop` and a thumbprint: the same id in another scope is another
   * @param id as it came, from a stranger: the store keeps a digest of both
   * @param expiresAt until when what carries the id is good
   */
  use(scope: string, id: string, expiresAt: number, now: number): Promise<boolean>
}
