import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CatalogueFile, readCatalogues } from '../../src/locale/catalogue.ts'
import { OPENID_SCOPES } from '../../src/oauth/openid-claims.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'views/locales')
const ours = readdirSync(folder).map((name) => ({
  file: name,
  tag: name.replace('.json', ''),
  text: readFileSync(join(folder, name), 'utf8'),
}))

const catalogue = (tag: string, entries: object): CatalogueFile => ({
  file: `${tag}.json`,
  tag,
  text: JSON.stringify({ $name: tag, $dir: 'ltr', ...entries }),
})
const english = catalogue('en', { hello: 'Hello {name}', bye: 'Bye' })
const problemsOf = (...files: CatalogueFile[]) => readCatalogues(files).problems

describe('our catalogues', () => {
  const { catalogues, problems } = readCatalogues(ours)
  const sentences = catalogues.find(({ tag }) => tag === 'en')?.sentences ?? {}

  it('are six, complete, and with the same placeholders', () => {
    expect(problems).toEqual([])
    expect(catalogues.map(({ tag, dir }) => [tag, dir])).toEqual([
      ['ar', 'rtl'],
      ['de', 'ltr'],
      ['en', 'ltr'],
      ['es', 'ltr'],
      ['fr', 'ltr'],
      ['ja', 'ltr'],
    ])
  })

  it('have a sentence for every scope of OpenID Connect', () => {
    for (const name of OPENID_SCOPES) expect(sentences).toHaveProperty([`scope.${name}`])
  })

  it('have no sentence that is nowhere asked for', () => {
    const sources = [...textsOf('views', '.eta'), ...textsOf('src', '.ts')].join('\n')
    const unused = Object.keys(sentences).filter(
      (key) => !sources.includes(`'${key}'`) && !/^(scope|error)\./.test(key),
    )
    expect(unused).toEqual([])
  })

  it('leave no sentence in English but those that are the same by chance', () => {
    const same = catalogues.flatMap(({ tag, sentences: theirs }) =>
      tag === 'en'
        ? []
        : Object.keys(theirs).flatMap((key) => (theirs[key] === sentences[key] ? [`${tag} ${key}`] : [])),
    )
    expect(same).toEqual([])
  })
})

describe('reading catalogues', () => {
  it.each([
    ['a missing sentence', { hello: 'Hallo {name}' }, 'de.json: has no sentence for "bye"'],
    [
      'a key of no sentence',
      { hello: '{name}', bye: 'x', more: 'x' },
      'de.json: "more" is not the key of any sentence',
    ],
    [
      'another placeholder',
      { hello: 'Hallo {nmae}', bye: 'x' },
      'de.json: "hello" must have the placeholders: name; it has: nmae',
    ],
    [
      'a placeholder too many',
      { hello: '{name}', bye: '{name}' },
      'de.json: "bye" must have the placeholders: none; it has: name',
    ],
    ['a stray brace', { hello: '{name} {', bye: 'x' }, 'de.json: "hello" has a brace that belongs to no placeholder'],
    ['an empty sentence', { hello: '{name}', bye: ' ' }, 'de.json: "bye" must be a sentence'],
    ['a direction that is none', { hello: '{name}', bye: 'x', $dir: 'up' }, 'de.json: "$dir" must be ltr or rtl'],
  ])('tells %s, with file and key', (_name, entries, problem) => {
    expect(problemsOf(english, catalogue('de', entries))).toEqual([problem])
  })

  it('tells text that is no JSON object, and a name that is no language tag', () => {
    expect(problemsOf(english, { file: 'de.json', tag: 'de', text: '[]' })[0]).toBe(
      'de.json: must be a JSON object: key to sentence',
    )
    expect(problemsOf(english, { ...catalogue('d_e', {}), file: 'd_e.json' })[0]).toBe(
      'd_e.json: must be named by a language tag, such as pt-BR.json',
    )
  })

  it('lays a later file of a language over an earlier one, sentence by sentence', () => {
    const over = { file: 'mine/en.json', tag: 'en', text: '{"bye":"So long"}' }
    const { catalogues, problems } = readCatalogues([english, over])
    expect(problems).toEqual([])
    expect(catalogues[0]?.sentences).toEqual({ hello: 'Hello {name}', bye: 'So long' })
  })

  it('tells a key that is laid over English and that nothing asks for', () => {
    const over = { file: 'mine/en.json', tag: 'en', text: '{"by":"So long"}' }
    expect(problemsOf(english, over)).toEqual(['mine/en.json: "by" is not the key of any sentence'])
  })
})

function textsOf(directory: string, ending: string): string[] {
  const names = readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith(ending)).map((name) => readFileSync(join(root, directory, name), 'utf8'))
}
