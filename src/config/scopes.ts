import { isRecord } from '../lib/json-object.ts'
import { isLanguageTag } from '../lib/language-tag.ts'
import type { LocalizedText } from '../locale/localized-text.ts'
import { isScopeName } from '../oauth/scope.ts'
import { isShortText } from './members.ts'
import { json } from './parsers.ts'
import { Problems, quoted } from './problem.ts'

const SENTENCE = 'a sentence of 1 to 200 characters'

/** The scopes of the SCOPES variable: name to what the consent page shows, one sentence or one for each language. */
export function readScopes(value: string): Readonly<Record<string, LocalizedText>> {
  const scopes = json(value)
  if (!isRecord(scopes)) throw new Problems('must be a JSON object: scope name to sentence')
  const lines = Object.entries(scopes).flatMap(([name, text]) => {
    if (!isScopeName(name)) return [`has the name ${quoted(name)}, which RFC 6749 §3.3 does not allow`]
    return textProblems(text).map((problem) => `${quoted(name)} ${problem}`)
  })
  if (lines.length > 0) throw new Problems(...lines)
  return Object.freeze({ ...(scopes as Record<string, LocalizedText>) })
}

function textProblems(text: unknown): string[] {
  if (!isRecord(text)) return isShortText(text) ? [] : [`must be ${SENTENCE}`]
  const entries = Object.entries(text)
  if (entries.length === 0) return ['must have a sentence in one language at least']
  return entries.flatMap(([tag, sentence]) => {
    if (!isLanguageTag(tag)) return [`has the language ${quoted(tag)}, which is no language tag such as de or pt-BR`]
    return isShortText(sentence) ? [] : [`in the language ${quoted(tag)} must be ${SENTENCE}`]
  })
}
