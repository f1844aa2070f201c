import type { Resources } from './resource.ts'

/** Resources that may be exchanged while the server runs; whoever holds them sees the newest. */
export interface LiveResources extends Resources {
  replace(next: Resources): void
}

export function createLiveResources(initial: Resources): LiveResources {
  let current = initial
  return {
    get byUri() {
      return current.byUri
    },
    get fallback() {
      return current.fallback
    },
    replace(next) {
      current = next
    },
  }
}
