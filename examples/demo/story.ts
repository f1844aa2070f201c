/** Writes the walk down, step by step, for someone who reads it to learn the flow. */

/** A step that did not go as the flow prescribes. */
export class StepFailed extends Error {
  readonly expected: string
  readonly got: string

  constructor(expected: string, got: string) {
    super(`expected ${expected}, got ${got}`)
    this.name = 'StepFailed'
    this.expected = expected
    this.got = got
  }
}

/** A request and what came of it, as far as it is told. */
export interface Exchange {
  readonly url: URL
  readonly method: string
  readonly status: number
  readonly statusText: string
  readonly location?: URL | undefined
  readonly cookiesSet?: readonly string[]
}

export interface Story {
  chapter(title: string): void
  step(title: string): void
  exchange(exchange: Exchange, form?: URLSearchParams): void
  /** A list of names and values, each with its meaning where it has one worth telling. */
  details(entries: Iterable<readonly [string, string]>): void
  note(text: string): void
  /** The step that was told last, for the report of a failure. */
  current(): string
}

const MEANING: Readonly<Record<string, string>> = {
  state: 'ties the answer to the browser that asked',
  code_challenge: 'SHA-256 of the verifier; the verifier stays in the partner app',
  code: 'single use, one minute, worth nothing without the verifier',
  code_verifier: 'must hash to the challenge that the authorization request carried',
  iss: 'which server answered (RFC 9207)',
  csrf: 'only this page knows it',
}

const HIDDEN: Readonly<Record<string, (value: string) => string>> = {
  password: (value) => '•'.repeat(value.length),
  csrf: shorten,
  code: shorten,
  code_verifier: shorten,
  refresh_token: shorten,
}

export function createStory(write: (line: string) => void, isColourful: boolean): Story {
  const paint = (code: number, text: string) => (isColourful ? `\u001b[${code}m${text}\u001b[0m` : text)
  let number = 0
  let current = 'the start'

  function details(entries: Iterable<readonly [string, string]>): void {
    const list = [...entries]
    const width = Math.max(...list.map(([name]) => name.length))
    for (const [name, value] of list) {
      const shown = HIDDEN[name]?.(value) ?? value
      const meaning = MEANING[name] === undefined ? '' : paint(2, `   <- ${MEANING[name]}`)
      write(`      ${paint(36, name.padEnd(width))}  ${shown}${meaning}`)
    }
  }

  return {
    chapter(title) {
      write(`\n${paint(1, title)}\n${'='.repeat(title.length)}`)
    },
    step(title) {
      number += 1
      current = `step ${number}, "${title}"`
      write(`\n${paint(1, `${String(number).padStart(2)}. ${title}`)}`)
    },
    exchange({ url, method, status, statusText, location, cookiesSet = [] }, form) {
      write(`    ${paint(34, method)} ${bare(url)}`)
      details(url.searchParams)
      if (form !== undefined) details(form)
      const arrow = location === undefined ? '' : ` -> ${bare(location)}`
      write(`    ${paint(status < 400 ? 32 : 33, `${status} ${statusText}`)}${arrow}`)
      if (cookiesSet.length > 0) write(paint(2, `      sets cookie ${cookiesSet.join(', ')}`))
    },
    details,
    note(text) {
      write(`    ${paint(2, text)}`)
    },
    current: () => current,
  }
}

export function shorten(value: string): string {
  return value.length > 24 ? `${value.slice(0, 10)}…${value.slice(-8)}` : value
}

/** A text with whatever may be a token in it shortened. */
export function shortenLongWords(text: string): string {
  return text.replace(/[\w.~-]{40,}/g, shorten)
}

function bare(url: URL): string {
  return url.origin + url.pathname
}
