import { Eta } from 'eta'
import type { Response } from 'express'
import type { PagesConfig } from '../config/pages.ts'
import { ConfigError } from '../config/problem.ts'
import { readCatalogues } from '../locale/catalogue.ts'
import type { Language } from '../locale/language.ts'
import { createLanguages } from '../locale/languages.ts'
import { escaped } from '../locale/markup.ts'
import type { PageAsset } from './page-assets.ts'
import type { Pages } from './page-data.ts'
import type { PageFiles } from './page-files.ts'
import { languagesOf } from './request-facts.ts'
import { samplePages } from './sample-pages.ts'
import * as helpers from './view-helpers.ts'

/** Sends pages, each in the language of whoever asked. */
export interface Views {
  /** All languages there are. */
  readonly languages: readonly Language[]
  /** The language of the answer: what was noted of the request goes before what the browser says. */
  language(res: Response): Language
  /** Sends a page that nobody keeps, with a status of 200 unless told. */
  send<Page extends keyof Pages>(res: Response, page: Page, data: Pages[Page], status?: number): void
  /** The page as a whole HTML document. */
  render<Page extends keyof Pages>(page: Page, data: Pages[Page], language: Language): string
}

interface ViewOptions {
  files: Pick<PageFiles, 'templates' | 'catalogues'>
  assets: ReadonlyMap<string, PageAsset>
  brand: PagesConfig
  /** The path part of the issuer, `''` or such as `/tenant`: the assets are found below it. */
  basePath: string
}

/**
 * The views. Every template is compiled here, and tried with sample data in every language.
 *
 * @throws ConfigError naming each file that is broken: a template, or a catalogue that is incomplete
 */
export function createViews(options: ViewOptions): Views {
  const { catalogues, problems } = readCatalogues(options.files.catalogues)
  if (problems.length > 0) throw new ConfigError(problems)
  const languages = createLanguages(catalogues)
  const eta = compile(options.files.templates)
  const surroundings = surroundingsOf(options)

  const views: Views = {
    languages: languages.all,
    language: (res) => languages.choose(languagesOf(res)),
    send(res, page, data, status = res.statusCode) {
      const language = views.language(res)
      res.vary('Accept-Language')
      res.status(status).set({ 'Cache-Control': 'no-store', 'Content-Language': language.tag })
      res.type('html').send(views.render(page, data, language))
    },
    render(page, data, language) {
      const { tag: lang, dir, t, list, duration, date, since } = language
      return eta.render(`@${page}`, { ...data, ...surroundings, lang, dir, t, list, duration, date, since })
    },
  }
  tryAll(views, options.files.templates)
  return views
}

function compile(templates: PageFiles['templates']): Eta {
  const eta = new Eta({ autoEscape: true, cache: true, escapeFunction: escaped })
  const problems: string[] = []
  for (const [name, { file, text }] of templates) {
    try {
      // Eta looks names with an @ up in memory only.
      eta.loadTemplate(`@${name}`, text)
    } catch (error) {
      problems.push(`${file} is broken: ${firstLine(error)}`)
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return eta
}

/** What every view gets, beside the data of its page and its language. */
function surroundingsOf({ assets, brand, basePath }: ViewOptions): object {
  const asset = (name: string) => {
    const found = assets.get(name)
    if (found === undefined) throw new Error(`there is no asset ${name}`)
    return `${basePath}/assets/${name}?v=${found.version}`
  }
  const links = [
    { key: 'page.support', href: brand.supportUrl },
    { key: 'page.privacy', href: brand.privacyUrl },
    { key: 'page.terms', href: brand.termsUrl },
  ].filter(({ href }) => href !== undefined)
  const logo = assets.get('logo')
  return {
    ...helpers,
    asset,
    links,
    brand: brand.brandName,
    logo: logo === undefined ? undefined : { href: asset('logo'), type: logo.type },
    hasAccent: assets.has('brand.css'),
  }
}

/** Renders every page with sample data in every language: what would break a sign-in breaks the start. */
function tryAll(views: Views, templates: PageFiles['templates']): void {
  const problems = new Set<string>()
  for (const page of Object.keys(samplePages) as Array<keyof Pages>) {
    const files = [page, 'layout'].map((name) => templates.get(name)?.file ?? `${name}.eta, which is missing`)
    // Whoever overrides one of the two wrote what is wrong.
    const theirs = files.filter((file) => !file.startsWith('views/'))
    const blamed = (theirs.length > 0 ? theirs : files.slice(0, 1)).join(' or ')
    for (const problem of faultsOf(page, views)) problems.add(`${blamed}: ${problem}`)
  }
  if (problems.size > 0) throw new ConfigError([...problems])
}

function faultsOf(page: keyof Pages, views: Views): Set<string> {
  const faults = new Set<string>()
  for (const language of views.languages) {
    for (const data of samplePages[page]) {
      try {
        const html = views.render(page, data, language)
        for (const [name, value] of Object.entries(data)) {
          if (isNeeded(name, data) && !html.includes(`"${escaped(value)}"`)) faults.add(`leaves out it.${name}`)
        }
      } catch (error) {
        faults.add(`the page ${page} fails with sample data: ${firstLine(error)}`)
      }
    }
  }
  return faults
}

/** Data without which the form of a page is worth nothing. Without connected clients there is no form to end them. */
function isNeeded(name: string, data: object): boolean {
  const hasForm = !('clients' in data && Array.isArray(data.clients) && data.clients.length === 0)
  return hasForm && (name === 'action' || name === 'csrf')
}

function firstLine(error: unknown): string {
  return String((error as Error).message).split('\n')[0] as string
}
