import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { html, openSite, type Site } from './sites.ts'
import { allow, arrive, CONSENT, SIGN_IN, signIn } from './steps.ts'

/** The heading of a page client. */
export const CLIENT = 'Client'

/**
 * A client that is one page with a library in it, bundled as its makers would bundle it.
 *
 * @param script gives the module of the page once the server stands; it leaves on `window` what tests call
 */
export async function openPageClient(
  host: Parameters<typeof openSite>[0],
  script: (origin: string) => string,
): Promise<Site> {
  let bundled: Promise<string> | undefined
  const site = await openSite(host, {
    '/': () => ({ html: html(CLIENT, '', '<script src="/client.js"></script>') }),
    '/client.js': async () => {
      bundled ??= bundle(script(site.origin))
      return { html: await bundled, headers: { 'Content-Type': 'text/javascript; charset=utf-8' } }
    },
  })
  return site
}

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** Has the page do what leads to the sign-in page, signs alice in there and comes back to the client. */
export async function signInByPage(page: Page, begin: string): Promise<void> {
  // Not waited for: the page is gone before it could answer.
  await page.evaluate(`void ${begin}`)
  await arrive(page, SIGN_IN)
  await signIn(page)
  await arrive(page, CONSENT)
  await allow(page)
  await arrive(page, CLIENT)
}
