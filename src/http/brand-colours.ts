/** Red, green and blue from 0 to 255. */
export type Colour = readonly [number, number, number]

/** The custom properties of one theme that follow from the accent colour. */
export interface AccentColours {
  /** The ground of the button that matters, and under the pointer. */
  fill: Colour
  fillStrong: Colour
  /** The text on both. */
  onFill: Colour
  /** Links and marks, and under the pointer. */
  accent: Colour
  accentStrong: Colour
}

/** The grounds of a theme, as latchkey.css has them: what colours are seen against. */
export interface Theme {
  card: Colour
  /** All on which links stand, the card among them. */
  grounds: readonly Colour[]
  /** Where a colour goes to be seen better. */
  away: Colour
}

const BLACK: Colour = [0, 0, 0]
const WHITE: Colour = [255, 255, 255]

/** WCAG 2.2 §1.4.3 and §1.4.11. */
const READABLE = 4.5
const DISCERNIBLE = 3

const ALMOST_BLACK = 0.01

/** How far the ground of a button moves under the pointer, at most. */
const MOST_SHIFT = 0.2

export const LIGHT: Theme = {
  card: readColour('#ffffff'),
  grounds: ['#ffffff', '#f1f4f3', '#f1f5f4'].map(readColour),
  away: BLACK,
}

export const DARK: Theme = {
  card: readColour('#161f1d'),
  grounds: ['#161f1d', '#0d1413', '#1f2a28'].map(readColour),
  away: WHITE,
}

/** @param text #rrggbb */
export function readColour(text: string): Colour {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => Number.parseInt(text.slice(start, start + 2), 16))
  return [red, green, blue]
}

/** As #rrggbb. */
export function writeColour(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

/** WCAG 2.2, contrast ratio: 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [first, second] = [luminance(one), luminance(other)]
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05)
}

/** What is made of an accent colour in a theme: the colour itself wherever it can be read, else mixed only as far as needed. */
export function accentColours(colour: Colour, { card, grounds, away }: Theme): AccentColours {
  const fill = mixedUntil(colour, away, (mixed) => contrast(mixed, card) >= DISCERNIBLE)
  const onFill = contrast(WHITE, fill) >= READABLE ? WHITE : BLACK
  const accent = mixedUntil(colour, away, (mixed) => grounds.every((ground) => contrast(mixed, ground) >= READABLE))
  return { fill, fillStrong: shifted(fill, onFill, card), onFill, accent, accentStrong: mix(accent, away, 0.3) }
}

/** The stylesheet that lays an accent colour over latchkey.css, in both themes. */
export function brandStylesheet(accent: string): string {
  const [light, dark] = [LIGHT, DARK].map((theme) => properties(accentColours(readColour(accent), theme)))
  return `:root{${light}}\n@media screen and (prefers-color-scheme:dark){:root{${dark}}}\n`
}

function properties(colours: AccentColours): string {
  const named = {
    '--fill': colours.fill,
    '--fill-strong': colours.fillStrong,
    '--on-fill': colours.onFill,
    '--accent': colours.accent,
    '--accent-strong': colours.accentStrong,
  }
  return Object.entries(named)
    .map(([name, colour]) => `${name}:${writeColour(colour)}`)
    .join(';')
}

/** The colour with the least of the other one in it that is good enough. */
function mixedUntil(colour: Colour, other: Colour, isGood: (mixed: Colour) => boolean): Colour {
  for (let percent = 0; percent < 100; percent++) {
    const mixed = mix(colour, other, percent / 100)
    if (isGood(mixed)) return mixed
  }
  return other
}

/** A neighbour of the fill that its text and the card bear as well: the farthest within bounds, darker or lighter. */
function shifted(fill: Colour, onFill: Colour, card: Colour): Colour {
  // What is almost black cannot be seen to get darker.
  const directions = luminance(fill) < ALMOST_BLACK ? [WHITE] : [BLACK, WHITE]
  for (let percent = MOST_SHIFT * 100; percent > 0; percent--) {
    for (const other of directions) {
      const mixed = mix(fill, other, percent / 100)
      if (contrast(mixed, onFill) >= READABLE && contrast(mixed, card) >= DISCERNIBLE) return mixed
    }
  }
  return fill
}

function mix(colour: Colour, other: Colour, share: number): Colour {
  const [red, green, blue] = [0, 1, 2].map((index) => {
    const [from, to] = [colour[index] as number, other[index] as number]
    return Math.round(from + (to - from) * share)
  })
  return [red as number, green as number, blue as number]
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
