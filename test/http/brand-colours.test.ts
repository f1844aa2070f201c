import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  accentColours,
  brandStylesheet,
  type Colour,
  contrast,
  DARK,
  LIGHT,
  readColour,
  writeColour,
} from '../../src/http/brand-colours.ts'

const STEPS = [0, 36, 73, 109, 146, 182, 219, 255]
const grid: Colour[] = STEPS.flatMap((r) => STEPS.flatMap((g) => STEPS.map((b): Colour => [r, g, b])))
const css = readFileSync(join(import.meta.dirname, '../../views/assets/latchkey.css'), 'utf8')

describe.each([
  ['light', LIGHT, 0],
  ['dark', DARK, 1],
] as const)('an accent colour in the %s theme', (_name, theme, place) => {
  it('can be read on every ground, whatever colour it is (WCAG 2.2 §1.4.3, §1.4.11)', () => {
    expect(grid.length).toBeGreaterThanOrEqual(500)
    const failures = grid.filter((colour) => {
      const { fill, fillStrong, onFill, accent, accentStrong } = accentColours(colour, theme)
      const texts = [contrast(onFill, fill), contrast(onFill, fillStrong)]
      const links = theme.grounds.flatMap((ground) => [contrast(accent, ground), contrast(accentStrong, ground)])
      const edges = [contrast(fill, theme.card), contrast(fillStrong, theme.card)]
      return [...texts, ...links].some((ratio) => ratio < 4.5) || edges.some((ratio) => ratio < 3)
    })
    expect(failures.map(writeColour)).toEqual([])
  })

  it('moves under the pointer, so that this can be seen', () => {
    const still = grid.filter((colour) => {
      const { fill, fillStrong } = accentColours(colour, theme)
      return writeColour(fill) === writeColour(fillStrong)
    })
    expect(still.map(writeColour)).toEqual([])
  })

  it('stays as it is where it can be read', () => {
    const good = theme === LIGHT ? '#0c5f56' : '#67cbb9'
    const { fill, accent } = accentColours(readColour(good), theme)
    expect([fill, accent].map(writeColour)).toEqual([good, good])
  })

  it('is judged against the grounds of the stylesheet', () => {
    const values = ['card', 'ground', 'hover'].map((name) => {
      return [...css.matchAll(new RegExp(`--${name}: (#\\w{6})`, 'g'))].map(([, value]) => value)[place]
    })
    expect(theme.grounds.map(writeColour)).toEqual(values)
    expect(theme.card).toEqual(theme.grounds[0])
  })
})

it('the contrast is that of WCAG 2.2', () => {
  expect(contrast(readColour('#000000'), readColour('#ffffff'))).toBeCloseTo(21)
  expect(contrast(readColour('#777777'), readColour('#ffffff'))).toBeCloseTo(4.48, 2)
})

it('the stylesheet sets the properties of both themes, and names no other', () => {
  const names = [...brandStylesheet('#ff6600').matchAll(/(--[a-z-]+):#[0-9a-f]{6}/g)].map(([, name]) => name)
  const once = ['--fill', '--fill-strong', '--on-fill', '--accent', '--accent-strong']
  expect(names).toEqual([...once, ...once])
  for (const name of once) expect(css).toContain(`${name}: #`)
})
