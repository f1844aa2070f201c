import type { Response } from 'express'

/** What became known of a request while it was handled, for the log line should it be refused. */
interface RequestFacts {
  client_id?: string
}

/** Notes which client a request is about, once that is known. */
export function noteClient(res: Response, clientId: string): void {
  ;(res.locals as RequestFacts).client_id = clientId
}

/** What was noted. */
export function factsOf(res: Response): Readonly<RequestFacts> {
  return res.locals as RequestFacts
}
