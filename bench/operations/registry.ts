import { authorize } from './authorize.ts'
import { authorizeAndRedeem } from './authorize-and-redeem.ts'
import { jwks, metadata } from './documents.ts'
import { introspect } from './introspect.ts'
import type { Operation } from './operation.ts'
import { redeem } from './redeem.ts'
import { refresh } from './refresh.ts'

/** Every operation that is measured, in the order of the table. */
export const operations: readonly Operation[] = [
  redeem,
  refresh,
  authorize,
  authorizeAndRedeem,
  introspect,
  metadata,
  jwks,
]
