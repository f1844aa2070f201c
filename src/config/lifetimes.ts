import type { VariableName } from './schema.ts'

/** Pairs of lifetimes of which the first must not be longer than the second, and why. */
const ORDERED: ReadonlyArray<{ shorter: VariableName; longer: VariableName; reason: string }> = [
  // The record of an authorization lives by the refresh lifetime, and an access token must not outlive its record.
  {
    shorter: 'ACCESS_TOKEN_TTL',
    longer: 'REFRESH_TOKEN_TTL',
    reason: 'an access token would outlive its authorization',
  },
  {
    shorter: 'REFRESH_TOKEN_TTL',
    longer: 'REFRESH_TOKEN_MAX_TTL',
    reason: 'one refresh token would outlive the whole chain',
  },
  { shorter: 'SESSION_TTL', longer: 'SESSION_MAX_TTL', reason: 'the idle time would outlive the session' },
]

/** Sentences about lifetimes that contradict one another. Values that could not be read are passed over. */
export function lifetimeProblems(values: Readonly<Partial<Record<VariableName, unknown>>>): string[] {
  return ORDERED.flatMap(({ shorter, longer, reason }) => {
    const [short, long] = [values[shorter], values[longer]]
    if (typeof short !== 'number' || typeof long !== 'number' || short <= long) return []
    return [`${shorter} (${short}) must not be longer than ${longer} (${long}): ${reason}`]
  })
}
