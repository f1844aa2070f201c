import { authorizationRequestCauses } from './causes/authorization-requests.ts'
import type { Cause, Causes } from './causes/cause.ts'
import { clientAuthCauses } from './causes/client-auth.ts'
import { pageCauses } from './causes/pages.ts'
import { pkceCauses } from './causes/pkce.ts'
import { proofCauses } from './causes/proofs.ts'
import { pushedRequestCauses } from './causes/pushed-requests.ts'
import { refusedRequestCauses } from './causes/refused-requests.ts'
import { requestCauses } from './causes/requests.ts'
import { tokenCauses } from './causes/tokens.ts'

/** The causes by what they are about, in the order of docs/causes.md. */
export const causeGroups = {
  'The request': {
    ...requestCauses,
    ...authorizationRequestCauses,
    ...pushedRequestCauses,
    ...refusedRequestCauses,
  },
  PKCE: pkceCauses,
  'The client': clientAuthCauses,
  'Codes and tokens': tokenCauses,
  'Proofs of a key': proofCauses,
  'Pages and the server': pageCauses,
} as const satisfies Record<string, Causes>

/** Every cause. A name that ends with `*` stands for all that begin alike. */
export const causes: Causes = Object.assign({}, ...Object.values(causeGroups)) as Causes

/** What is known of a cause; undefined for one that this version does not have, as in the log of another. */
export function causeOf(name: string): Cause | undefined {
  if (Object.hasOwn(causes, name)) return causes[name]
  const family = Object.keys(causes).find((row) => row.endsWith('*') && name.startsWith(row.slice(0, -1)))
  return family === undefined ? undefined : causes[family]
}
