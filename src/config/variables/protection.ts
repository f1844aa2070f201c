import { DEFAULT_RATE_LIMITS, rateLimits, writeRateLimits } from '../rate-limits.ts'
import { variable } from './variable.ts'

/** How much anybody may ask for. */
export const protectionVariables = {
  RATE_LIMITS: variable({
    section: 'Protection',
    parse: rateLimits,
    fallback: writeRateLimits(DEFAULT_RATE_LIMITS),
    doc: 'How many requests in how many seconds, name=requests/seconds, parted by commas; what is not named keeps its default, and name=off has no limit. By address: who has not proven to be a client, or signs in; by client: who has. off alone: no limits at all.',
  }),
}
