import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'

/**
 * RATE_LIMITS for who sends from one address what else thousands send: everything is counted, as in production, and nothing is
 * refused.
 */
export const UNREACHED_LIMITS = Object.keys(DEFAULT_RATE_LIMITS)
  .map((name) => `${name}=1000000000/60`)
  .join(',')
