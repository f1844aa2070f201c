import { lookUp } from '../lib/language-tag.ts'
import { type Catalogue, ENGLISH } from './catalogue.ts'
import { createLanguage, type Language } from './language.ts'

/** What is known of the languages that a person reads. The tags are whatever was sent. */
export interface WantedLanguages {
  /** OpenID Connect Core §3.1.2.1, ui_locales: what the client knows of the person, best first. */
  uiLocales?: readonly string[]
  /** Accept-Language (RFC 9110 §12.5.4): what the browser says, best first. */
  acceptLanguage?: readonly string[]
}

/** The languages that pages can be in. */
export interface Languages {
  readonly all: readonly Language[]
  /** The first one that is wanted and there; English where there is none. */
  choose(wanted: WantedLanguages): Language
}

/** How many tags of a request are looked at. */
const MOST_WANTED = 16

/** @param catalogues checked, English among them */
export function createLanguages(catalogues: readonly Catalogue[]): Languages {
  const all = catalogues.map(createLanguage)
  const tags = all.map(({ tag }) => tag)
  const byTag = new Map(all.map((language) => [language.tag, language]))
  const english = byTag.get(ENGLISH)
  if (english === undefined) throw new Error('there is no English catalogue')

  return {
    all,
    choose(wanted) {
      const tag = chooseLanguage(wanted, tags)
      return (tag !== undefined && byTag.get(tag)) || english
    },
  }
}

/** The tag of the first language that is wanted and there: what the client says goes before what the browser says. */
export function chooseLanguage(wanted: WantedLanguages, tags: readonly string[]): string | undefined {
  for (const list of [wanted.uiLocales, wanted.acceptLanguage]) {
    for (const tag of list?.slice(0, MOST_WANTED) ?? []) {
      const found = lookUp(tag, tags)
      if (found !== undefined) return found
    }
  }
  return undefined
}
