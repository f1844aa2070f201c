import { parseUrl } from '../lib/parse-url.ts'
import { isShortText } from './members.ts'
import { Problems, quoted } from './problem.ts'

/** How the pages that people see differ from ours. */
export interface PagesConfig {
  /** The name at the head of every page. */
  readonly brandName: string
  /** The path of an image. */
  readonly brandLogo: string | undefined
  /** #rrggbb */
  readonly accentColor: string | undefined
  readonly supportUrl: string | undefined
  readonly privacyUrl: string | undefined
  readonly termsUrl: string | undefined
  /** A folder whose files take the place of ours. */
  readonly viewsDirectory: string | undefined
}

const LONGEST_BRAND = 60

/** A name that fits the head of a page. */
export function brandName(value: string): string {
  if (isShortText(value) && value.length <= LONGEST_BRAND) return value
  throw new Problems(`must be text of 1 to ${LONGEST_BRAND} characters, not ${quoted(value)}`)
}

export function colour(value: string): string {
  if (/^#[0-9a-f]{6}$/i.test(value)) return value.toLowerCase()
  throw new Problems(`must be a colour such as #0c5f56, not ${quoted(value)}`)
}

/** Where people find help: a page or a mail address. */
export function supportUrl(value: string): string {
  if (/^https:\/\/[^/]/.test(value) && parseUrl(value) !== undefined) return value
  if (/^mailto:[^\s@]+@[^\s@]+$/.test(value)) return value
  throw new Problems(`must begin with https:// or mailto:, not ${quoted(value)}`)
}
