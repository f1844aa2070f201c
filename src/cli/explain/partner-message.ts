import { firstDifference } from '../../lib/nearest.ts'
import { wrap } from '../../lib/wrap.ts'
import type { Refusal } from '../../store/refusals.ts'
import type { Cause, Fault } from '../../telemetry/causes/cause.ts'
import { plainText, utcText } from '../plain-text.ts'

const WIDTH = 90

/** The facts that a partner may read, by what a message calls them. Everything else stays with the operator. */
const TOLD: ReadonlyArray<readonly [string, string]> = [
  ['endpoint', 'Request'],
  ['redirect_uri', 'Received redirect_uri'],
  ['post_logout_redirect_uri', 'Received post_logout_redirect_uri'],
  ['nearest_registered', 'Nearest registered'],
  ['requested', 'Received scopes'],
  ['allowed', 'Registered scopes'],
  ['granted', 'Granted scopes'],
  ['resource', 'Received resource'],
  ['alg', 'Received alg'],
  ['kid', 'Received kid'],
]

const OPENING: Readonly<Record<Fault, string>> = {
  partner: 'our authorization server refused a request of your application. It needs a change on your side.',
  operator: 'our authorization server refused a request of your application. The fault is on our side, and we mend it.',
  user: 'our authorization server refused a request of a person who came from your application. It needs no change on your side.',
  nobody: 'our authorization server refused a request of your application. Nothing is broken.',
}

/** A text that can be sent to the partner as it is: what was refused and why, and nothing that is not for them. */
export function partnerMessage(refusal: Refusal, cause: Cause): string {
  const rows: Array<readonly [string, string]> = [
    ['client_id', refusal.facts.client_id ?? 'not known'],
    ['Time', utcText(refusal.at)],
    ['Error', `${refusal.error}: ${refusal.description}`],
    ['Error id', refusal.errorId],
    ...TOLD.flatMap(([name, label]): Array<readonly [string, string]> => {
      const value = refusal.facts[name]
      return value === undefined ? [] : [[label, value]]
    }),
  ]
  const width = Math.max(...rows.map(([label]) => label.length)) + 1
  return [
    'Hello,',
    '',
    ...wrap(OPENING[cause.fault], WIDTH),
    '',
    ...rows.map(([label, value]) => `  ${`${label}:`.padEnd(width)} ${plainText(value)}`),
    '',
    ...wrap(`What happened: ${cause.explanation}${difference(refusal)}`, WIDTH),
    '',
    ...wrap(`What to change: ${cause.remedy}`, WIDTH),
    '',
    ...wrap(`The rule: ${cause.rule}.`, WIDTH),
    '',
    'If you write back, please quote the error id.',
  ].join('\n')
}

/** Where an address and the nearest registered one part. The query is not kept: it may hold what is nobody's concern. */
function difference({ facts }: Refusal): string {
  const received = facts.redirect_uri ?? facts.post_logout_redirect_uri
  const registered = facts.nearest_registered
  if (received === undefined || registered === undefined) return ''
  const index = firstDifference(received, registered)
  if (index === undefined) return ' Both are the same as far as the query, which we do not keep.'
  return ` Received and nearest registered address differ from character ${index + 1} on.`
}
