import { isRecord } from '../lib/json-object.ts'
import { isLanguageTag } from '../lib/language-tag.ts'

/** All sentences of a language. */
export interface Catalogue {
  /** The language tag (RFC 5646). */
  readonly tag: string
  readonly dir: 'ltr' | 'rtl'
  /** What the language calls itself. */
  readonly name: string
  /** By key; a word in braces stands for a value. */
  readonly sentences: Readonly<Record<string, string>>
}

/** A catalogue file: its name for problems, the language by its own name, and its text. */
export interface CatalogueFile {
  file: string
  tag: string
  text: string
}

/** The language whose keys all others must have. */
export const ENGLISH = 'en'

const PLACEHOLDER = /\{([a-z]\w*)\}/gi
/** Left after all placeholders are gone: a slip, such as {na me}. */
const STRAY_BRACE = /[{}]/

/** The names of the values that a sentence takes, each once, sorted. */
export function placeholdersOf(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(PLACEHOLDER)].map(([, name]) => name as string))].sort()
}

/**
 * Reads catalogues. Files of one language are laid over each other in their order, so that a later one changes single
 * sentences of an earlier one.
 *
 * @returns the catalogues, and a line for everything wrong: every language has the keys of English, with its placeholders
 */
export function readCatalogues(files: readonly CatalogueFile[]): { catalogues: Catalogue[]; problems: string[] } {
  const problems: string[] = []
  const byTag = new Map<string, { file: string; entries: Record<string, string> }>()
  // Of the first English file: what is laid over it must not add keys that nothing asks for either.
  let english: Readonly<Record<string, string>> | undefined
  for (const { file, tag, text } of files) {
    const read = readEntries(text)
    if (tag === ENGLISH) english ??= read.entries
    const lines = isLanguageTag(tag) ? read.problems : ['must be named by a language tag, such as pt-BR.json']
    problems.push(...lines.map((line) => `${file}: ${line}`))
    byTag.set(tag, { file, entries: { ...byTag.get(tag)?.entries, ...read.entries } })
  }
  for (const { file, entries } of byTag.values()) {
    problems.push(...differences(entries, english ?? {}).map((line) => `${file}: ${line}`))
  }
  return { catalogues: [...byTag].map(([tag, { entries }]) => toCatalogue(tag, entries)), problems }
}

function readEntries(text: string): { entries: Record<string, string>; problems: string[] } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (!isRecord(value)) return { entries: {}, problems: ['must be a JSON object: key to sentence'] }
  const problems = Object.entries(value).flatMap(([key, sentence]) => {
    if (typeof sentence !== 'string' || sentence.trim() === '') return [`${quoted(key)} must be a sentence`]
    if (key === '$dir' && sentence !== 'ltr' && sentence !== 'rtl') return ['"$dir" must be ltr or rtl']
    return STRAY_BRACE.test(sentence.replace(PLACEHOLDER, ''))
      ? [`${quoted(key)} has a brace that belongs to no placeholder`]
      : []
  })
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return { entries: Object.fromEntries(entries), problems }
}

function differences(entries: Readonly<Record<string, string>>, english: Readonly<Record<string, string>>): string[] {
  const missing = Object.keys(english).filter((key) => !Object.hasOwn(entries, key))
  const wrong = Object.entries(entries).flatMap(([key, sentence]) => {
    const model = Object.hasOwn(english, key) ? english[key] : undefined
    if (model === undefined) return [`${quoted(key)} is not the key of any sentence`]
    const [wanted, found] = [placeholdersOf(model).join(', '), placeholdersOf(sentence).join(', ')]
    return wanted === found
      ? []
      : [`${quoted(key)} must have the placeholders: ${wanted || 'none'}; it has: ${found || 'none'}`]
  })
  return [...missing.map((key) => `has no sentence for ${quoted(key)}`), ...wrong]
}

function toCatalogue(tag: string, entries: Readonly<Record<string, string>>): Catalogue {
  const { $dir, $name, ...sentences } = entries
  return { tag, dir: $dir === 'rtl' ? 'rtl' : 'ltr', name: $name ?? tag, sentences }
}

function quoted(key: string): string {
  return JSON.stringify(key.slice(0, 100))
}
