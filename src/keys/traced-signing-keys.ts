import type { Tracing } from '../telemetry/tracing.ts'
import type { SigningKeys } from './signing-keys.ts'

/** The same keys, with a span for each signature. */
export function traceSignatures(keys: SigningKeys, tracing: Tracing): SigningKeys {
  return {
    ...keys,
    async sign(claims, typ, alg) {
      const ended = tracing.part('sign')
      try {
        return await keys.sign(claims, typ, alg)
      } finally {
        ended()
      }
    },
  }
}
