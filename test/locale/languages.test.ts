import { chooseLanguage, createLanguages } from '../../src/locale/languages.ts'
import { sentenceOf } from '../../src/locale/localized-text.ts'

const tags = ['ar', 'de', 'en', 'fr', 'pt-BR', 'zh-Hant']

describe('choosing a language', () => {
  it.each([
    ['the first that is there', ['it', 'de', 'fr'], 'de'],
    ['a language where a region of it is asked for', ['fr-CA'], 'fr'],
    ['whatever the case', ['FR-ca'], 'fr'],
    ['a region that is there', ['pt-BR'], 'pt-BR'],
    ['no region that was not asked for', ['pt'], undefined],
    ['a script, past a region', ['zh-Hant-TW'], 'zh-Hant'],
    ['past an extension', ['de-u-co-phonebk'], 'de'],
    ['nothing for a wildcard', ['*'], undefined],
    ['nothing for what is no tag', ['../de', '', 'd', 'de_DE', `de-${'x'.repeat(40)}`], undefined],
  ])('takes %s', (_name, uiLocales, expected) => {
    expect(chooseLanguage({ uiLocales }, tags)).toBe(expected)
    expect(chooseLanguage({ acceptLanguage: uiLocales }, tags)).toBe(expected)
  })

  it('heeds the client before the browser, and the browser where the client knows nothing that is there', () => {
    expect(chooseLanguage({ uiLocales: ['fr'], acceptLanguage: ['de'] }, tags)).toBe('fr')
    expect(chooseLanguage({ uiLocales: ['it'], acceptLanguage: ['de'] }, tags)).toBe('de')
  })

  it('looks at the first few only, however many are sent', () => {
    expect(chooseLanguage({ acceptLanguage: [...Array(10_000).fill('it'), 'de'] }, tags)).toBeUndefined()
  })

  it('ends in English', () => {
    const languages = createLanguages(['de', 'en'].map((tag) => ({ tag, dir: 'ltr', name: tag, sentences: {} })))
    expect(languages.choose({}).tag).toBe('en')
    expect(languages.choose({ acceptLanguage: ['de-AT'] }).tag).toBe('de')
  })
})

describe('a sentence of an operator', () => {
  const text = { en: 'See your mail', de: 'Ihre E-Mails sehen' }
  it.each([
    ['the language', text, 'de', 'Ihre E-Mails sehen'],
    ['English where there is no other', text, 'fr', 'See your mail'],
    ['the first where there is no English', { de: 'Ihre', es: 'Ver' }, 'fr', 'Ihre'],
    ['the one for all', 'See', 'fr', 'See'],
  ])('is the one for %s', (_name, given, tag, expected) => {
    expect(sentenceOf(given, tag)).toBe(expected)
  })
})
