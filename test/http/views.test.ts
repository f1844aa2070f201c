import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../../src/config/problem.ts'
import type { Pages } from '../../src/http/page-data.ts'
import { createPageParts, type PageParts } from '../../src/http/pages.ts'
import { samplePages } from '../../src/http/sample-pages.ts'
import { load } from '../config/load.ts'
import { folderWith } from '../helpers/folder.ts'

const OURS = join(import.meta.dirname, '../../views')
const PAGES = Object.keys(samplePages) as Array<keyof Pages>
const SMALLEST_PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'

const partsWith = (env: Record<string, string> = {}): PageParts => createPageParts(load(env), OURS)

const problemsWith = (env: Record<string, string>): readonly string[] => {
  try {
    partsWith(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

const cleanups: Array<() => void> = []
afterEach(() => {
  for (const remove of cleanups.splice(0)) remove()
})
const folder = (files: Record<string, string | Uint8Array>): string => {
  const { path, remove } = folderWith(files)
  cleanups.push(remove)
  return path
}

describe('every page in every language', () => {
  const branded = {
    ACCENT_COLOR: '#ff6600',
    SUPPORT_URL: 'mailto:help@example.com',
    PRIVACY_URL: 'https://example.com/privacy',
    TERMS_URL: 'https://example.com/terms',
  }
  const { views, assets } = partsWith(branded)
  const all = PAGES.flatMap((page) => views.languages.map((language) => [page, language.tag, language] as const))

  it.each(all)(
    '%s in %s says its language and direction, and has no style or script of its own',
    (page, tag, language) => {
      for (const data of samplePages[page]) {
        const html = views.render(page, data, language)
        expect(html).toContain(`<html lang="${tag}" dir="${language.dir}">`)
        expect(html).not.toMatch(/<style|\sstyle=|<script>|\son\w+=|undefined|\[object/)
        for (const [, address] of html.matchAll(/(?:src|<link[^>]*href)="([^"]*)"/g))
          expect(address).toMatch(/^\/assets\//)
      }
    },
  )

  it.each(all)('%s in %s keeps whatever was typed text', (page, _tag, language) => {
    const evil = '"\'><b id=evil>\u202e&amp;{client}'
    for (const data of samplePages[page]) {
      const html = views.render(page, spoilt(data, evil) as typeof data, language)
      expect(html).not.toMatch(/<b id=evil|&amp;amp;amp;|"'>/)
      if (JSON.stringify(data).includes('Sample') || page === 'error') expect(html).toContain('&lt;b id=evil&gt;')
    }
  })

  it.each(all)('%s in %s is under 30 KB with everything it asks for', (page, _tag, language) => {
    for (const data of samplePages[page]) {
      const html = views.render(page, data, language)
      const asked = new Set([...html.matchAll(/\/assets\/([\w.-]+)\?v=/g)].map(([, name]) => name as string))
      const sizes = [...asked].map((name) => assets.get(name)?.content.length ?? Number.NaN)
      expect(asked.has('brand.css')).toBe(true)
      expect(sizes.reduce((sum, size) => sum + size, Buffer.byteLength(html))).toBeLessThan(30_000)
    }
  })
})

describe('VIEWS_DIR', () => {
  it('puts templates, parts, sentences and assets in the place of ours, file by file', () => {
    const path = folder({
      'finished.eta': `<% layout('@layout', { title: it.t('finished.title') }) %><%~ include('@_note', it) %>`,
      '_note.eta': '<p><%= it.client.name %></p>',
      'locales/de.json': '{"sign-in.title":"Einloggen"}',
      'assets/latchkey.css': 'body{}',
      '.hidden.eta': '<%',
      'README.txt': 'ours',
    })
    const { views, assets } = partsWith({ VIEWS_DIR: path })
    const german = views.languages.find(({ tag }) => tag === 'de')
    if (german === undefined) throw new Error('no German')
    expect(views.render('finished', { client: { name: '<Tea>' } }, german)).toContain('<p>&lt;Tea&gt;</p>')
    expect(views.render('sign-in', samplePages['sign-in'][0] as Pages['sign-in'], german)).toContain(
      '<h1>Einloggen</h1>',
    )
    expect(String(assets.get('latchkey.css')?.content)).toBe('body{}')
    expect(assets.get('latchkey.css')?.version).not.toBe(partsWith().assets.get('latchkey.css')?.version)
  })

  it('takes a new language that is complete', () => {
    const text = JSON.stringify({
      ...JSON.parse(readFileSync(join(OURS, 'locales/en.json'), 'utf8')),
      $name: 'Italiano',
      'sign-in.title': 'Accedi',
    })
    const { views } = partsWith({ VIEWS_DIR: folder({ 'locales/it.json': text }) })
    expect(views.languages.map(({ name }) => name)).toContain('Italiano')
  })

  it.each([
    ['a template that is broken', { 'error.eta': '<% if (' }, 'VIEWS_DIR/error.eta is broken: '],
    [
      'a view that asks for what is not there',
      { 'finished.eta': '<%= it.user.name %>' },
      'VIEWS_DIR/finished.eta: the page finished fails with sample data: ',
    ],
    [
      'a sentence that is not there',
      { 'finished.eta': "<%= it.t('finished.titel') %>" },
      'VIEWS_DIR/finished.eta: the page finished fails with sample data: the language ar has no sentence for finished.titel',
    ],
    ['a layout that fails', { 'layout.eta': '<%= it.nothing.x %>' }, 'VIEWS_DIR/layout.eta: the page sign-in fails'],
    [
      'a form without its token',
      { 'sign-out.eta': '<form action="<%= it.action %>">' },
      'VIEWS_DIR/sign-out.eta: leaves out it.csrf',
    ],
    [
      'a name of no view',
      { 'signin.eta': '' },
      "VIEWS_DIR/signin.eta takes no view's place; there are account, accounts, consent, ",
    ],
    ['a name of no asset', { 'assets/style.css': '' }, "VIEWS_DIR/assets/style.css takes no file's place; there are "],
    [
      'a slip in a key',
      { 'locales/de.json': '{"sign-in.titel":"x"}' },
      'VIEWS_DIR/locales/de.json: "sign-in.titel" is not the key',
    ],
    [
      'a new language that is incomplete',
      { 'locales/it.json': '{"sign-in.title":"Accedi"}' },
      'VIEWS_DIR/locales/it.json: has no sentence for "$name"',
    ],
  ])('tells %s, with the name of the file', (_name, files, problem) => {
    expect(problemsWith({ VIEWS_DIR: folder(files) })[0]).toContain(problem)
  })

  it('tells a folder that is not there', () => {
    expect(problemsWith({ VIEWS_DIR: '/nowhere/at-all' })).toEqual([
      'VIEWS_DIR names /nowhere/at-all, which cannot be read: ENOENT',
    ])
  })
})

describe('BRAND_LOGO', () => {
  it.each([
    ['PNG', SMALLEST_PNG, 'image/png'],
    ['JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), 'image/jpeg'],
    ['WebP', Buffer.from('RIFF\x24\x00\x00\x00WEBPVP8 ', 'latin1'), 'image/webp'],
    ['GIF', Buffer.from('GIF89a', 'latin1'), 'image/gif'],
    ['SVG', SVG, 'image/svg+xml'],
    [
      'SVG with all that may stand before it',
      `\ufeff<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE svg>\n${SVG}`,
      'image/svg+xml',
    ],
  ])('knows %s by its first bytes', (_name, content, type) => {
    const path = folder({ logo: content })
    expect(partsWith({ BRAND_LOGO: join(path, 'logo') }).assets.get('logo')?.type).toBe(type)
  })

  it.each([
    ['a page', '<html><svg></svg></html>', 'must be an image'],
    ['an empty file', '', 'must be an image'],
    ['a large one', Buffer.concat([SMALLEST_PNG, Buffer.alloc(65_536)]), 'of 65536 bytes at most'],
  ])('refuses %s', (_name, content, problem) => {
    const path = folder({ 'logo.png': content })
    expect(problemsWith({ BRAND_LOGO: join(path, 'logo.png') })[0]).toContain(problem)
  })
})

/** The data with something put behind every text in it, but for the keys of sentences. */
function spoilt(value: unknown, end: string): unknown {
  if (typeof value === 'string') return value + end
  if (Array.isArray(value)) return value.map((item) => spoilt(item, end))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, name === 'problem' ? member : spoilt(member, end)]),
  )
}
