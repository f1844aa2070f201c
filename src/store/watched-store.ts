import { failureKind } from './failure-kind.ts'
import type { Store } from './store.ts'

/**
 * Is told that a move begins, such as `authorizations.redeem`.
 *
 * @returns is told that it ended, and the kind of failure where it failed
 */
export type MoveWatch = (move: string) => (failure: string | undefined) => void

type Verb = (...args: readonly unknown[]) => Promise<unknown>

/** The same store, with every move of every port watched; what a port has tomorrow is watched as well. */
export function watchStore(store: Store, watch: MoveWatch): Store {
  const members = Object.entries(store).map(([name, member]) => {
    if (name === 'close') return [name, member]
    if (typeof member === 'function') return [name, watched(name, member as Verb, watch)]
    const verbs = Object.entries(member as Record<string, Verb>)
    return [name, Object.fromEntries(verbs.map(([verb, run]) => [verb, watched(`${name}.${verb}`, run, watch)]))]
  })
  return Object.fromEntries(members) as unknown as Store
}

function watched(move: string, run: Verb, watch: MoveWatch): Verb {
  return async (...args) => {
    const ended = watch(move)
    try {
      const result = await run(...args)
      ended(undefined)
      return result
    } catch (error) {
      ended(failureKind(error))
      throw error
    }
  }
}
