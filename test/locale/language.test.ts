import { createLanguage } from '../../src/locale/language.ts'
import { markup } from '../../src/locale/markup.ts'

const speak = (tag: string, sentences: Record<string, string> = {}) =>
  createLanguage({ tag, dir: 'ltr', name: tag, sentences })

const english = speak('en', { hello: 'Hello {name} & {name}', plain: "It's <fine>" })

describe('a sentence', () => {
  it('escapes its own words and its values, which may stand anywhere in it', () => {
    expect(english.t('hello', { name: '<b>"\'' }).html).toBe('Hello &lt;b&gt;&quot;&#39; &amp; &lt;b&gt;&quot;&#39;')
    expect(english.t('plain').html).toBe('It&#39;s &lt;fine&gt;')
  })

  it('takes markup that was made by the helpers as it is', () => {
    expect(english.t('hello', { name: markup`<i>${'<'}</i>` }).html).toBe('Hello <i>&lt;</i> &amp; <i>&lt;</i>')
  })

  it('is not put together a second time: a value that looks like a placeholder stays', () => {
    expect(english.t('hello', { name: '{name}' }).html).toBe('Hello {name} &amp; {name}')
  })

  it('as text is not escaped, and takes no markup', () => {
    expect(english.text('hello', { name: '<b>' })).toBe('Hello <b> & <b>')
    expect(() => english.text('hello', { name: markup`x` })).toThrow('markup')
  })

  it('throws for a key that is not there, and for a value that is missing', () => {
    expect(() => english.t('bye')).toThrow('the language en has no sentence for bye')
    expect(() => english.t('constructor')).toThrow('no sentence')
    expect(() => english.t('hello')).toThrow('the sentence hello needs the value name')
    expect(() => speak('en', { x: '{toString}' }).t('x')).toThrow('needs the value')
  })
})

describe('what languages write in their own way', () => {
  it('lists, with markup in them', () => {
    const items = ['a', markup`<i>b</i>`, '<c>']
    expect(english.list(items).html).toBe('a, <i>b</i>, and &lt;c&gt;')
    expect(speak('de').list(items).html).toBe('a, <i>b</i> und &lt;c&gt;')
    expect(speak('ja').list(items).html).toBe('a、<i>b</i>、&lt;c&gt;')
    expect(english.list(['a', 'b']).html).toBe('a and b')
  })

  it.each([
    [30_000, '30 seconds', '30 Sekunden'],
    [3_600_000, '1 hour', '1 Stunde'],
    [90 * 60_000, '90 minutes', '90 Minuten'],
    [365 * 86_400_000, '365 days', '365 Tage'],
    [7_201_000, '3 hours', '3 Stunden'],
    [59_001, '60 seconds', '60 Sekunden'],
    [0, '0 seconds', '0 Sekunden'],
  ])('durations: %s ms', (ms, inEnglish, inGerman) => {
    expect([english.duration(ms), speak('de').duration(ms)]).toEqual([inEnglish, inGerman])
  })

  it('days, in UTC', () => {
    const time = Date.UTC(2026, 0, 2, 23, 59)
    expect(english.date(time)).toBe('January 2, 2026')
    expect(speak('de').date(time)).toBe('2. Januar 2026')
  })

  it('how long ago something was', () => {
    const now = Date.UTC(2026, 0, 2)
    expect(english.since(now - 3 * 3_600_000, now)).toBe('3 hours ago')
    expect(english.since(now - 86_400_000, now)).toBe('yesterday')
    expect(english.since(now + 5000, now)).toBe('now')
    expect(speak('fr').since(now - 120_000, now)).toBe('il y a 2 minutes')
  })
})
