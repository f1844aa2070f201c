import { readJsonObject } from '../../../lib/json-object.ts'
import { type Finding, ok, problem } from '../finding.ts'
import { isFailure } from '../probe.ts'
import type { Check } from '../target.ts'

/** Health and readiness, where they can be seen from outside. */
export const health: Check = async ({ origin, probe }) =>
  Promise.all(
    ['healthz', 'readyz'].map(async (name): Promise<Finding> => {
      const answer = await probe.ask(`${origin}/${name}`)
      if (isFailure(answer))
        return problem(name, `/${name} fails: ${answer.failure}`, 'Look at the server and the proxy.')
      if (answer.status === 200) return ok(name, `/${name} says that all is well`)
      if (answer.status < 500) return ok(name, `/${name} is not served to the public`)
      const { reasons } = readJsonObject(Buffer.from(answer.body)) ?? {}
      return problem(
        name,
        `/${name} gives ${answer.status}: ${Array.isArray(reasons) ? reasons.join('; ') : 'no reason'}`,
        'Look at the log of the server, and at Redis.',
      )
    }),
  )

/** Numbers about the inside are for the inside. */
export const metrics: Check = async ({ origin, url, probe }) => {
  const answers = await Promise.all([...new Set([origin, url])].map((base) => probe.ask(`${base}/metrics`)))
  if (!answers.some((answer) => !isFailure(answer) && answer.status === 200))
    return [ok('metrics', '/metrics is not served to the public')]
  return [
    problem(
      'metrics',
      '/metrics is served to the public',
      'Let the proxy refuse /metrics: it tells how much goes on, and with whom.',
    ),
  ]
}
