import { isRecord } from '../lib/json-object.ts'
import { isScopeName } from '../oauth/scope.ts'
import { isShortText } from './members.ts'
import { json } from './parsers.ts'
import { Problems, quoted } from './problem.ts'

/** The scopes of the SCOPES variable: name to the sentence that the consent page shows. */
export function readScopes(value: string): Readonly<Record<string, string>> {
  const scopes = json(value)
  if (!isRecord(scopes)) throw new Problems('must be a JSON object: scope name to sentence')
  const lines = Object.entries(scopes).flatMap(([name, sentence]) => {
    if (!isScopeName(name)) return [`has the name ${quoted(name)}, which RFC 6749 §3.3 does not allow`]
    return isShortText(sentence) ? [] : [`${quoted(name)} must be a sentence of 1 to 200 characters`]
  })
  if (lines.length > 0) throw new Problems(...lines)
  return Object.freeze({ ...(scopes as Record<string, string>) })
}
