/**
 * Makes something of parts, and gives the same again for as long as the parts are the same objects.
 *
 * @param read the parts as they are now; cheap, since it is asked every time
 */
export function whileSame<const Parts extends unknown[], Made>(
  read: () => Parts,
  make: (...parts: Parts) => Made,
): () => Made {
  let last: { parts: Parts; made: Made } | undefined
  return () => {
    const parts = read()
    if (last === undefined || !sameItems(last.parts, parts)) last = { parts, made: make(...parts) }
    return last.made
  }
}

/** Whether two lists hold the same objects in the same order. */
export function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index])
}
