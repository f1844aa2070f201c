import { sha256 } from '../../lib/digest.ts'
import type { AttemptPolicy, AttemptStore, Claim, Wait } from '../attempts.ts'
import { createExpiringMap } from './expiring-map.ts'

interface Count {
  failures: number
  until: number
}

const NONE: Count = { failures: 0, until: 0 }

/** Failures in memory. Each verb runs to its end without waiting, which is what makes it atomic here. */
export function createAttempts(): AttemptStore {
  const counts = createExpiringMap<Count>()

  const count = (key: string, { failures }: Count, free: number, policy: AttemptPolicy, now: number): Count => {
    const over = failures + 1 - free
    const until = over < 0 ? 0 : now + Math.min(policy.longestWait, policy.firstWait * 2 ** over)
    const next = { failures: failures + 1, until }
    counts.set(key, next, now + policy.memory, now)
    return next
  }

  const read = ({ network, claimed, registered, now }: Claim) => {
    const nameKey = `${network} ${sha256(claimed)}`
    const name = counts.get(nameKey, now) ?? NONE
    const all = counts.get(network, now) ?? NONE
    const spared = name.failures === 0 && registered
    return { nameKey, name, all, until: spared ? name.until : Math.max(name.until, all.until) }
  }

  return {
    async judge({ right, ...claim }, policy) {
      const { network, now } = claim
      const { nameKey, name, all, until } = read(claim)
      if (now < until) return { status: 'refused', until }
      if (right) {
        counts.delete(nameKey)
        return { status: 'passed' }
      }
      const ofName = count(nameKey, name, policy.freeByName, policy, now)
      if (now < all.until) return { status: 'refused', until: Math.max(ofName.until, all.until) }
      const ofNetwork = count(network, all, policy.freeByNetwork, policy, now)
      const waits: Wait[] = [
        { over: 'name', ...ofName },
        { over: 'network', ...ofNetwork },
      ]
      return { status: 'failed', waits: waits.filter((wait) => wait.until > now) }
    },
    async look(claim) {
      const { until } = read(claim)
      return claim.now < until ? until : undefined
    },
  }
}
