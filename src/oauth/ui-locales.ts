import { isLanguageTag } from '../lib/language-tag.ts'

const MOST_LOCALES = 8

/**
 * The `ui_locales` of a request (OpenID Connect Core §3.1.2.1): language tags, best first. What is no language tag is passed
 * over: the parameter never causes an error.
 *
 * @returns undefined where none is left
 */
export function readUiLocales(text: string | undefined): readonly string[] | undefined {
  const tags = (text ?? '').split(' ').filter(isLanguageTag).slice(0, MOST_LOCALES)
  return tags.length === 0 ? undefined : tags
}
