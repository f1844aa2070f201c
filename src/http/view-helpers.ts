import { parseUrl } from '../lib/parse-url.ts'
import { type Markup, markup } from '../locale/markup.ts'

/** The address if it is one of the web: escaping alone would let `javascript:` through into a link. */
export function webAddress(uri: string | undefined): string | undefined {
  if (uri === undefined || parseUrl(uri) === undefined) return undefined
  return /^https?:$/.test(new URL(uri).protocol) ? uri : undefined
}

/**
 * A name without embedded direction overrides, which show other letters than those that are there. Names written from
 * right to left do not need them; what joins letters stays.
 */
export function upright(name: string): string {
  return name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
}

/**
 * The text with its invisible characters spelled out. In an address they are either an attack (a direction override
 * shows another host) or the very mistake that the reader is looking for (a newline pasted into a redirect URI).
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const codePoint = character.codePointAt(0) ?? 0
    return `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`
  })
}

/** A name that somebody chose, which stands for itself in a sentence of any direction. */
export function name(text: string): Markup {
  return markup`<bdi class="name">${upright(text)}</bdi>`
}

/** A host, an address or an identifier. */
export function address(text: string): Markup {
  return markup`<bdi class="address" dir="ltr">${visible(text)}</bdi>`
}

/** A text that stands for itself in a sentence of any direction, without a look of its own. */
export function bdi(text: string): Markup {
  return markup`<bdi>${upright(text)}</bdi>`
}

/** A code that can be copied in one go. */
export function code(text: string): Markup {
  return markup`<code class="id" dir="ltr">${visible(text)}</code>`
}

/**
 * A link that leaves the page open.
 *
 * @param href an address that webAddress let through
 * @param newTab what is read out to those who do not see it
 */
export function link(href: string, text: Markup, newTab: Markup): Markup {
  return markup`<a href="${href}" target="_blank" rel="noopener noreferrer">${text}<span class="unseen"> ${newTab}</span></a>`
}

/** An account by the name of its person, and by its username where that says more. */
export function accountText(account: { name: string; username: string }): string {
  return account.name === account.username ? account.name : `${account.name} (${account.username})`
}
