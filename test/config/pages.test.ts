import { load, problemsOf } from './load.ts'

it('the pages are ours where nothing is set', () => {
  expect(load({}).pages).toEqual({ brandName: 'Latchkey' })
})

it.each([
  ['ACCENT_COLOR', 'teal', 'must be a colour such as #0c5f56, not "teal"'],
  ['ACCENT_COLOR', '#fff', 'must be a colour such as #0c5f56, not "#fff"'],
  ['SUPPORT_URL', 'http://example.com', 'must begin with https:// or mailto:'],
  ['SUPPORT_URL', 'javascript:alert(1)', 'must begin with https:// or mailto:'],
  ['PRIVACY_URL', 'javascript:alert(1)', 'must be an address that begins with https:// or http://'],
  ['TERMS_URL', 'terms.html', 'must be an address that begins with https:// or http://'],
  ['BRAND_NAME', 'x'.repeat(61), 'must be text of 1 to 60 characters'],
])('%s=%s is refused', (name, value, problem) => {
  expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(`${name} ${problem}`)])
})

it.each(['mailto:help@example.com', 'https://example.com/help'])('SUPPORT_URL takes %s', (value) => {
  expect(load({ SUPPORT_URL: value }).pages.supportUrl).toBe(value)
})

it('SCOPES takes a sentence, or one for each language', () => {
  const scopes = { read: 'See', write: { en: 'Change', 'pt-BR': 'Alterar' } }
  expect(load({ SCOPES: JSON.stringify(scopes) }).scopes).toEqual(scopes)
})

it.each([
  [{ read: {} }, 'SCOPES "read" must have a sentence in one language at least'],
  [{ read: { de_DE: 'x' } }, 'SCOPES "read" has the language "de_DE", which is no language tag such as de or pt-BR'],
  [{ read: { de: '' } }, 'SCOPES "read" in the language "de" must be a sentence of 1 to 200 characters'],
  [{ read: ['x'] }, 'SCOPES "read" must be a sentence of 1 to 200 characters'],
])('SCOPES %j is refused, naming scope and language', (scopes, problem) => {
  expect(problemsOf({ SCOPES: JSON.stringify(scopes) })).toEqual([problem])
})
