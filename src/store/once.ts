/** The port of what counts once. */
export interface OnceStore {
  /**
   * Whether this is the first use of the id in its scope. Every later one, on any process, is not, until `expiresAt` at
   * the earliest: nothing that is good for longer may be counted here.
   *
   * @param scope a constant name, and whose ids they are
   */
  use(scope: string, id: string, expiresAt: number, now: number): Promise<boolean>
}
