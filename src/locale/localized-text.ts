import { lookUp } from '../lib/language-tag.ts'

/** A sentence of an operator: one for all languages, or one for each of some, by language tag. */
export type LocalizedText = string | Readonly<Record<string, string>>

/** The sentence in a language, or in English, or the first there is. */
export function sentenceOf(text: LocalizedText, tag: string): string {
  if (typeof text === 'string') return text
  const tags = Object.keys(text)
  const best = lookUp(tag, tags) ?? lookUp('en', tags) ?? tags[0]
  return (best !== undefined && text[best]) || ''
}
