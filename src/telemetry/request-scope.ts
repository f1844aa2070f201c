import type { Span } from '@opentelemetry/api'
import { forRequest, requestUnderWay } from '../lib/request-local.ts'

/** What everything that is done for one request has in common. */
export interface RequestScope {
  /** Its id: in the answer, and in every line of the log that is written for it. */
  id: string
  /** Undefined where no spans are made. */
  span: Span | undefined
}

/** Which request the running code works for, so that nothing has to be handed down for the log's sake. */
export interface RequestScopes {
  /** Runs it, and everything that it begins, for the request. */
  run<T>(scope: RequestScope, work: () => T): T
  /** Undefined outside of requests. */
  current(): RequestScope | undefined
}

export function createRequestScopes(): RequestScopes {
  const scopes = new WeakMap<object, RequestScope>()
  return {
    run(scope, work) {
      scopes.set(scope, scope)
      return forRequest(scope, work)
    },
    current() {
      const request = requestUnderWay()
      return request && scopes.get(request)
    },
  }
}
