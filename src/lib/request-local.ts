import { AsyncLocalStorage } from 'node:async_hooks'

/** One for all that goes by the request: on Node 20 each further one costs every promise of the process. */
const underWay = new AsyncLocalStorage<object>()

/** Does the work, and everything that it begins, for the request that the object stands for. */
export function forRequest<T>(request: object, work: () => T): T {
  return underWay.run(request, work)
}

/** Does the work for no request, though it begins in one. */
export function forNoRequest<T>(work: () => T): T {
  return underWay.exit(work)
}

/** What stands for the request that the running code works for; undefined outside of requests. */
export function requestUnderWay(): object | undefined {
  return underWay.getStore()
}
