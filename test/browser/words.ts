import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The languages that pages are in, by their tags. */
export const LANGUAGES = ['ar', 'de', 'en', 'es', 'fr', 'ja'] as const

/** The sentences of a language, to find things on its pages by. */
export interface Words {
  tag: (typeof LANGUAGES)[number]
  dir: string
  /** A sentence without places. */
  text(key: string): string
  /** A whole sentence with anything in its places. */
  pattern(key: string): RegExp
}

/** Reads the words of a language from its catalogue. */
export function wordsOf(tag: (typeof LANGUAGES)[number]): Words {
  const file = join(import.meta.dirname, '../../views/locales', `${tag}.json`)
  const sentences = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  const text = (key: string) => {
    const sentence = sentences[key]
    if (sentence === undefined) throw new Error(`there is no sentence ${key} in ${file}`)
    return sentence
  }
  const pattern = (key: string) => {
    const parts = text(key).split(/\{\w+\}/)
    return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`)
  }
  return { tag, dir: text('$dir'), text, pattern }
}
