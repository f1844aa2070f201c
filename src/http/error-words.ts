import type { Language } from '../locale/language.ts'
import type { Hint, OAuthError } from '../oauth/errors.ts'

/** An error page in words: what happened for the person, and for whoever built the client. */
export interface ErrorWords {
  title: string
  message: string
  /** The exact description in English, unless the message says it already, or it is nobody's concern. */
  detail?: string
  hints: Array<{ label: string; value: string }>
}

/** The labels of hints, which the core writes in English, and the keys of their sentences. */
const LABELS: Readonly<Record<string, string>> = {
  'Nearest registered': 'error.hint.nearest',
  'First difference': 'error.hint.difference',
  'Sent from': 'error.hint.sent-from',
  'This server is': 'error.hint.this-server',
}

const ONE_MINUTE = 60

/** As long as a redirect URI can be: what is longer is shown so far, and its page stays one that can be read. */
const LONGEST_VALUE = 2000

/** What a page says of an error. Causes with words of their own in the catalogue are those that people can do something about. */
export function errorWords(error: OAuthError, language: Language): ErrorWords {
  const kind = kindOf(error, language)
  const wait = language.duration(1000 * Number(error.headers['Retry-After'] ?? ONE_MINUTE))
  const title = language.has(`error.${kind}.title`) ? `error.${kind}.title` : 'error.general.title'
  const message = language.text(`error.${kind}.message`, { wait })
  const detail = capitalised(error.description)
  return {
    title: language.text(title),
    message,
    ...(error.status >= 500 || detail === message ? {} : { detail }),
    hints: error.hints.map((hint) => ({ label: labelOf(hint, language), value: cut(hint.value) })),
  }
}

function kindOf({ status, code, cause }: OAuthError, language: Language): string {
  if (status === 503) return 'unavailable'
  if (status === 429) return 'too-many-attempts'
  if (status >= 500) return 'fault'
  // The same words whatever was wrong with it, so that nobody can ask which ones there are.
  if (code === 'invalid_request_uri') return 'request-uri'
  return language.has(`error.${cause}.message`) ? cause : 'general'
}

function labelOf({ label }: Hint, language: Language): string {
  const received = /^(\w+) received$/.exec(label)?.[1]
  if (received !== undefined) return language.text('error.hint.received', { name: received })
  const key = LABELS[label]
  return key === undefined ? label : language.text(key)
}

function cut(value: string): string {
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value
}

/** A sentence for a page. A parameter's name at its beginning keeps its spelling. */
function capitalised(sentence: string): string {
  const beginsWithName = /^\w*_/.test(sentence)
  const text = beginsWithName ? sentence : sentence.charAt(0).toUpperCase() + sentence.slice(1)
  return /[.!?]$/.test(text) ? text : `${text}.`
}
