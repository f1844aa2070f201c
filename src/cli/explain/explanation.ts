import { wrap } from '../../lib/wrap.ts'
import type { Refusal } from '../../store/refusals.ts'
import type { Cause, Fault } from '../../telemetry/causes/cause.ts'
import { causeOf } from '../../telemetry/causes.ts'
import { columns } from '../help.ts'
import { plainText, utcText } from '../plain-text.ts'
import { partnerMessage } from './partner-message.ts'

const WIDTH = 94

const WHOSE: Readonly<Record<Fault, string>> = {
  partner: 'The partner must change something.',
  operator: 'You must change something.',
  user: 'The user has to do it again.',
  nobody: 'Nobody has to change anything.',
}

/** Everything that can be said about a refusal, for an operator. */
export function explanation(refusal: Refusal): string {
  const cause = causeOf(refusal.cause)
  return [
    ...(cause === undefined
      ? section('What happened', paragraphs(unknownCause(refusal)))
      : section(`What happened: ${cause.title}`, paragraphs(cause.explanation))),
    ...section('Facts', columns(factsOf(refusal))),
    ...(cause === undefined ? [] : adviceOf(refusal, cause)),
  ].join('\n')
}

function adviceOf(refusal: Refusal, cause: Cause): string[] {
  return [
    ...section('The rule', paragraphs(cause.rule)),
    ...section('What to change', paragraphs(`${WHOSE[cause.fault]} ${cause.remedy}`)),
    ...section('A message you can send to the partner', partnerMessage(refusal, cause).replace(/^(?=.)/gm, '  ')),
  ]
}

function unknownCause({ cause, description }: Refusal): string {
  return plainText(`${description}. This version knows nothing more about the cause ${cause}: was it another version?`)
}

function factsOf({ errorId, at, error, status, cause, description, facts }: Refusal): Array<[string, string]> {
  const rows: Array<[string, string]> = [
    ['cause', cause],
    ['time', utcText(at)],
    ['error id', errorId],
    ['error', `${error} (HTTP ${status})`],
    ['description', description],
    ...Object.entries(facts),
  ]
  return rows.map(([name, value]) => [plainText(name), plainText(value)])
}

function section(title: string, body: string | readonly string[]): string[] {
  return [title, ...(typeof body === 'string' ? [body] : body), '']
}

function paragraphs(text: string): string[] {
  return wrap(text, WIDTH).map((line) => `  ${line}`)
}
