import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Eta } from 'eta'
import { parseUrl } from '../lib/parse-url.ts'
import type { Hint } from '../oauth/errors.ts'

/** The pages that people see, and what each is made from. Every value is escaped by the templates. */
export interface Pages {
  'sign-in': {
    /** Where the form posts to. */
    action: string
    csrf: string
    client: { name: string; host?: string }
    /** What the person typed before; empty at first. */
    username: string
    /** Why the last attempt did not work, as a sentence. */
    problem?: string
  }
  consent: {
    action: string
    csrf: string
    client: { name: string; host?: string; uri?: string; policyUri?: string; tosUri?: string }
    account: { name: string; username: string; token: string }
    scopes: ReadonlyArray<{ name: string; sentence: string }>
    /** The APIs the access is for; empty where it is the only one there is. */
    resources: readonly string[]
    /** The host or scheme that the browser goes to next. */
    destination: string
    /** Whether the client may refresh, and so keeps its access until it is disconnected. */
    keepsAccess: boolean
    /** Whether any program on the person's device could pose as this client (RFC 8252 §8.6). */
    impersonable: boolean
  }
  error: {
    title: string
    message: string
    hints: readonly Hint[]
    errorId?: string
    /** Whether asking for the same address again may help. */
    retry: boolean
  }
  'form-post': {
    /** The redirect URI. */
    action: string
    client: { name: string }
    fields: ReadonlyArray<{ name: string; value: string }>
  }
  'sign-out': {
    action: string
    csrf: string
    /** The request, carried along. */
    fields: ReadonlyArray<{ name: string; value: string }>
    /** Who asks for it, where somebody says so. */
    client?: { name: string; host?: string }
    account?: { name: string; username: string }
    /** The host or scheme that the browser goes to next. */
    destination?: string
  }
  'signed-out': {
    /** Whether the person chose not to sign out. */
    stayed: boolean
    client?: { name: string; uri?: string }
  }
  finished: {
    client: { name: string; uri?: string }
  }
}

/** Renders pages. */
export interface Views {
  /** The page as a whole HTML document. */
  render<Page extends keyof Pages>(page: Page, data: Pages[Page]): string
}

interface ViewOptions {
  /** The folder of the templates. */
  directory: string
  /** The path part of the issuer, `''` or such as `/tenant`: the stylesheet and the icon are found below it. */
  basePath: string
  /** The name at the head of every page. */
  brand: string
}

/**
 * The views of a folder of templates. All are read and compiled here, so a missing folder or a broken template stops
 * the start instead of a sign-in, and no request waits for a disk.
 */
export function createViews(options: ViewOptions): Views {
  const eta = new Eta({ autoEscape: true, cache: true })
  for (const file of readdirSync(options.directory)) {
    if (!file.endsWith('.eta')) continue
    // Eta looks names with an @ up in memory only.
    eta.loadTemplate(`@${basename(file, '.eta')}`, readFileSync(join(options.directory, file), 'utf8'))
  }

  const surroundings = { brand: options.brand, assets: `${options.basePath}/assets`, webAddress, upright, visible }
  return {
    render: (page, data) => eta.render(`@${page}`, { ...data, ...surroundings }),
  }
}

/** The address if it is one of the web: escaping alone would let `javascript:` through into a link. */
function webAddress(uri: string | undefined): string | undefined {
  if (uri === undefined || parseUrl(uri) === undefined) return undefined
  return /^https?:$/.test(new URL(uri).protocol) ? uri : undefined
}

/**
 * A name without embedded direction overrides, which show other letters than those that are there. Names written from
 * right to left do not need them; what joins letters stays.
 */
function upright(name: string): string {
  return name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
}

/**
 * The text with its invisible characters spelled out. In an address they are either an attack (a direction override
 * shows another host) or the very mistake that the reader is looking for (a newline pasted into a redirect URI).
 */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const codePoint = character.codePointAt(0) ?? 0
    return `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`
  })
}
