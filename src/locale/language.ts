import type { Catalogue } from './catalogue.ts'
import { escaped, Markup } from './markup.ts'

/** What is put into the places of a sentence: text, which is escaped, or markup that the view helpers made. */
export type Values = Readonly<Record<string, string | number | Markup>>

/** A sentence to be said in whatever language the person reads. */
export interface Sentence {
  /** Its key in the catalogues. */
  key: string
  values?: Values
}

/** One language: its sentences, and how it writes lists, durations and dates. */
export interface Language {
  /** The language tag (RFC 5646). */
  readonly tag: string
  readonly dir: 'ltr' | 'rtl'
  /** What the language calls itself. */
  readonly name: string
  has(key: string): boolean
  /** The sentence as markup. Throws where there is no such sentence, or a value is missing. */
  t(key: string, values?: Values): Markup
  /** The sentence as text, for what is escaped later. Throws as t does, and where a value is markup. */
  text(key: string, values?: Values): string
  /** "a, b and c". */
  list(items: ReadonlyArray<string | Markup>): Markup
  /** Milliseconds in the largest unit that fits: "30 seconds", "1 hour", "365 days". */
  duration(ms: number): string
  /** The day of a time, in UTC. */
  date(ms: number): string
  /** How long ago a time was: "3 hours ago", "yesterday". */
  since(ms: number, now: number): string
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** 365 days and 90 minutes say more than a year or one and a half hours; 7201 seconds say nothing. */
const MOST_OF_A_UNIT = 400

export function createLanguage({ tag, dir, name, sentences }: Catalogue): Language {
  const lists = new Intl.ListFormat(tag, { type: 'conjunction' })
  const dates = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' })
  const ages = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  const durations = Object.fromEntries(
    UNITS.map(([unit]) => [unit, new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'long' })]),
  )

  const fill = (key: string, values: Values, write: (value: unknown) => string): string => {
    const sentence = Object.hasOwn(sentences, key) ? sentences[key] : undefined
    if (sentence === undefined) throw new Error(`the language ${tag} has no sentence for ${key}`)
    // Parted by placeholders: every other part is the name of a value.
    const parts = sentence.split(/\{([a-z]\w*)\}/i)
    return parts
      .map((part, index) => {
        if (index % 2 === 0) return write(part)
        const value = Object.hasOwn(values, part) ? values[part] : undefined
        if (value === undefined) throw new Error(`the sentence ${key} needs the value ${part}`)
        return write(value)
      })
      .join('')
  }

  return {
    tag,
    dir,
    name,
    has: (key) => Object.hasOwn(sentences, key),
    t: (key, values = {}) => new Markup(fill(key, values, escaped)),
    text: (key, values = {}) => fill(key, values, asText),
    list(items) {
      const places = items.map((_, index) => `${index}`)
      const parts = lists.formatToParts(places)
      return new Markup(
        parts.map(({ type, value }) => escaped(type === 'element' ? items[Number(value)] : value)).join(''),
      )
    },
    duration(ms) {
      const { unit, count } = inUnit(ms)
      return (durations[unit] as Intl.NumberFormat).format(count)
    },
    date: (ms) => dates.format(ms),
    since(ms, now) {
      const [unit, length] = UNITS.find(([, size]) => now - ms >= size) ?? UNITS[3]
      return ages.format(-Math.floor(Math.max(0, now - ms) / length), unit)
    },
  }
}

/** The largest unit in which it is a whole number; else the largest that it has twice, rounded up: who waits, waits so long. */
function inUnit(ms: number): { unit: string; count: number } {
  const whole = UNITS.find(([, size]) => ms >= size && ms % size === 0 && ms / size < MOST_OF_A_UNIT)
  const [unit, size] = whole ?? UNITS.find(([, length]) => ms >= 2 * length) ?? UNITS[3]
  return { unit, count: Math.ceil(ms / size) }
}

function asText(value: unknown): string {
  if (value instanceof Markup) throw new Error('markup does not go into a text')
  return String(value)
}
