/**
 * Takes the pictures of the pages in docs/screens: `npm run screens`. It needs Chromium, whose path CHROMIUM_PATH may say.
 *
 *   npm run screens -- --into /tmp/screens    puts them elsewhere
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium, type Page } from 'playwright-core'
import { withPalette } from './screens/palette.ts'
import { openStage } from './screens/stage.ts'
import { walk, walkToConsent } from './screens/walk.ts'

const HERE = fileURLToPath(new URL('../docs/screens', import.meta.url))

/** Low, so that a page is as high as what stands on it. */
const HEIGHT = 200

/** How a page is looked at. */
const LOOKS = {
  light: { width: 600, colorScheme: 'light' },
  dark: { width: 600, colorScheme: 'dark' },
  narrow: { width: 320, colorScheme: 'light' },
} as const

type LookName = keyof typeof LOOKS

async function takePicture(page: Page, look: LookName, file: string): Promise<void> {
  const { width, colorScheme } = LOOKS[look]
  await page.setViewportSize({ width, height: HEIGHT })
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  // The ring of the focus belongs to whoever holds the keyboard.
  await page.evaluate('document.activeElement?.blur()')
  await writeFile(file, withPalette(await page.screenshot({ fullPage: true })))
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { into: { type: 'string', default: HERE } } })
  await mkdir(values.into, { recursive: true })
  const pathOf = (name: string, look: LookName) => join(values.into, `${name}-${look}.png`)
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-lcd-text', '--disable-background-networking'],
  })
  const stage = await openStage(browser)
  const visitor = (locale: string) => browser.newContext({ locale, deviceScaleFactor: 1.5 })
  try {
    await walk(await visitor('en'), stage, async (page, name) => {
      for (const look of Object.keys(LOOKS) as LookName[]) await takePicture(page, look, pathOf(name, look))
    })
    const arabic = await walkToConsent(await visitor('ar'), stage)
    await takePicture(arabic, 'light', pathOf('consent-arabic', 'light'))
    const japanese = await walkToConsent(await visitor('ja'), stage)
    await takePicture(japanese, 'narrow', pathOf('consent-japanese', 'narrow'))
  } finally {
    await stage.close()
    await browser.close()
  }
}

await main()
