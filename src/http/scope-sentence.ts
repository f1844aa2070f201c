import type { Language } from '../locale/language.ts'
import { type LocalizedText, sentenceOf } from '../locale/localized-text.ts'
import { OPENID_SCOPES } from '../oauth/openid-claims.ts'

/**
 * What a scope means, for a page: in the words of SCOPES, or in ours where it is one of OpenID Connect.
 *
 * @param sentences those of SCOPES
 */
export function scopeSentence(
  name: string,
  sentences: Readonly<Record<string, LocalizedText>>,
  language: Language,
): string {
  const own = Object.hasOwn(sentences, name) ? sentences[name] : undefined
  if (own !== undefined) return sentenceOf(own, language.tag)
  return OPENID_SCOPES.includes(name) ? language.text(`scope.${name}`) : name
}
