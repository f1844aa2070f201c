import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Someone at a browser of their own: other cookies and another history than everybody else. */
export interface Visitor {
  context: BrowserContext
  /** The first tab. */
  page: Page
  newTab(): Promise<Page>
  /** Expects an error in the console, which else fails the test. */
  expectError(message: RegExp): void
}

export interface Chromium {
  visitor(options?: BrowserContextOptions): Promise<Visitor>
  /** Someone who has turned cookies off in the settings. */
  visitorWithoutCookies(): Promise<Visitor>
}

/** Far above what anything takes, so that only what never comes fails, and says what it was. */
const PATIENCE = 60_000

const LAUNCH = {
  timeout: PATIENCE,
  executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

/** What Chromium's settings page writes for "block all cookies". */
const COOKIES_BLOCKED = JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } })

/**
 * One real Chromium for the tests of a file. An error in the console of any page fails the test, be it an exception of a
 * script, a request that failed or a breach of the content security policy.
 */
export function useChromium(): Chromium {
  let browser: Browser | undefined
  const problems: string[] = []
  const endings: Array<() => Promise<void>> = []

  jest.setTimeout(10 * PATIENCE)

  beforeAll(async () => {
    browser = await chromium.launch(LAUNCH)
  })

  afterEach(async () => {
    for (const end of endings.splice(0)) await end()
    expect(problems.splice(0)).toEqual([])
  })

  afterAll(() => browser?.close())

  const watch = (context: BrowserContext): Pick<Visitor, 'context' | 'newTab' | 'expectError'> => {
    const expected: RegExp[] = []
    const note = (message: string) => {
      if (!expected.some((pattern) => pattern.test(message))) problems.push(message)
    }
    context.setDefaultTimeout(PATIENCE)
    context.on('console', (message) => {
      if (message.type() === 'error') note(`${message.text()} (${message.location().url})`)
    })
    context.on('weberror', (error) => note(String(error.error())))
    return { context, newTab: () => context.newPage(), expectError: (message) => void expected.push(message) }
  }

  return {
    async visitor(options) {
      const context = await (browser as Browser).newContext(options)
      const visitor = watch(context)
      endings.push(async () => {
        await Promise.all(context.pages().map(everythingIsSaid))
        await context.close()
      })
      return { ...visitor, page: await context.newPage() }
    },

    async visitorWithoutCookies() {
      const profile = await mkdtemp(join(tmpdir(), 'latchkey-chromium-'))
      await mkdir(join(profile, 'Default'))
      await writeFile(join(profile, 'Default', 'Preferences'), COOKIES_BLOCKED)
      const context = await chromium.launchPersistentContext(profile, LAUNCH)
      const visitor = watch(context)
      endings.push(async () => {
        await Promise.all(context.pages().map(everythingIsSaid))
        await context.close()
        await rm(profile, { recursive: true, force: true, maxRetries: 5 })
      })
      return { ...visitor, page: context.pages()[0] ?? (await context.newPage()) }
    },
  }
}

/**
 * A page answers in order: when this answer is there, every message before it is, too. By the protocol itself, since
 * Playwright would wait for a navigation that never ends.
 */
async function everythingIsSaid(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: 'true' })
}
