/** A map whose entries are forgotten after their time; what the TTL is to Redis. Instants are milliseconds. */
export interface ExpiringMap<V> {
  get(key: string, now: number): V | undefined
  set(key: string, value: V, expiresAt: number, now: number): void
  delete(key: string): void
}

const WRITES_BETWEEN_SWEEPS = 1000

export function createExpiringMap<V>(): ExpiringMap<V> {
  const entries = new Map<string, { value: V; expiresAt: number }>()
  let writes = 0

  return {
    get(key, now) {
      const entry = entries.get(key)
      if (entry === undefined || now < entry.expiresAt) return entry?.value
      entries.delete(key)
      return undefined
    },
    set(key, value, expiresAt, now) {
      entries.set(key, { value, expiresAt })
      // Swept by count and not by a timer, so that the map holds no process open and the caller's clock rules it wholly.
      if (++writes % WRITES_BETWEEN_SWEEPS !== 0) return
      for (const [name, entry] of entries) if (now >= entry.expiresAt) entries.delete(name)
    },
    delete: (key) => void entries.delete(key),
  }
}
