import { readUiLocales } from '../../src/oauth/ui-locales.ts'

it.each([
  ['tags in their order', 'fr-CA fr en', ['fr-CA', 'fr', 'en']],
  ['what is well-formed among what is not', '<b> de 1 x de_DE fr', ['de', 'fr']],
  ['eight of many', 'de '.repeat(100), Array(8).fill('de')],
  ['nothing where all is too long', `de-${'abcdefgh-'.repeat(5)}x`, undefined],
  ['nothing of nothing', undefined, undefined],
])('ui_locales gives %s', (_name, text, expected) => {
  expect(readUiLocales(text)).toEqual(expected)
})
