import { startWatch } from '../lib/clock.ts'
import { requestUnderWay } from '../lib/request-local.ts'

/** How long one request has waited for the store, whatever it asked: several slow answers must not add up to a hang. */
export interface Patience {
  /** Milliseconds in which at least one question was open. */
  spent(): number
  /** Begins a question; to be called when it is answered. */
  begin(): () => void
}

const patiences = new WeakMap<object, Patience>()

/** The patience of the request that is being worked on, one for all that it asks the store; a fresh one outside of any. */
export function patienceOfRequest(): Patience {
  const request = requestUnderWay()
  if (request === undefined) return createPatience()
  const known = patiences.get(request)
  if (known !== undefined) return known
  const fresh = createPatience()
  patiences.set(request, fresh)
  return fresh
}

function createPatience(): Patience {
  let before = 0
  let open = 0
  let watch = startWatch()

  return {
    spent: () => before + (open > 0 ? watch() : 0),
    begin() {
      if (open === 0) watch = startWatch()
      open++
      return () => {
        if (open === 1) before += watch()
        open--
      }
    },
  }
}
