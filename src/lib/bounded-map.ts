/** A map that keeps within its bounds by forgetting what was asked for the longest ago. */
export interface BoundedMap<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
}

/**
 * @param bounds.most the largest number of values
 * @param bounds.largest the largest sum of their sizes
 * @param bounds.sizeOf the size of a value
 */
export function createBoundedMap<V>(bounds: {
  most: number
  largest: number
  sizeOf(value: V): number
}): BoundedMap<V> {
  // A Map keeps the order of insertion: what is asked for is put in again, and so stands last.
  const entries = new Map<string, V>()
  let total = 0

  const remove = (key: string) => {
    const value = entries.get(key)
    if (value === undefined) return
    total -= bounds.sizeOf(value)
    entries.delete(key)
  }

  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      remove(key)
      entries.set(key, value)
      total += bounds.sizeOf(value)
      for (const oldest of entries.keys()) {
        if (entries.size <= bounds.most && total <= bounds.largest) return
        remove(oldest)
      }
    },
  }
}
