import type { AttemptStore, Wait } from '../attempts.ts'
import type { Keys } from './keys.ts'
import type { Link } from './link.ts'
import { register } from './script.ts'
import { judge } from './scripts/judge.ts'
import { look } from './scripts/look.ts'

export function createAttempts(link: Link, keys: Keys): AttemptStore {
  const runJudge = register(link, judge)
  const runLook = register(link, look)

  return {
    async judge({ network, claimed, registered, right, now }, policy) {
      const [status, ...numbers] = await runJudge(
        [keys.failuresByName(network, claimed), keys.failuresByNetwork(network)],
        [
          now,
          right ? 'right' : 'wrong',
          registered ? 'registered' : 'unknown',
          policy.freeByName,
          policy.freeByNetwork,
          policy.firstWait,
          policy.longestWait,
          policy.memory,
        ],
      )
      if (status === 'passed') return { status }
      if (status === 'refused') return { status, until: Number(numbers[0]) }
      const waits: Wait[] = [
        { over: 'name', failures: Number(numbers[0]), until: Number(numbers[1]) },
        { over: 'network', failures: Number(numbers[2]), until: Number(numbers[3]) },
      ]
      return { status: 'failed', waits: waits.filter((wait) => wait.until > now) }
    },
    async look({ network, claimed, registered, now }) {
      const [status, until] = await runLook(
        [keys.failuresByName(network, claimed), keys.failuresByNetwork(network)],
        [now, registered ? 'registered' : 'unknown'],
      )
      return status === 'waits' ? Number(until) : undefined
    },
  }
}
