import type { Browser } from 'playwright-core'

/** Three marks, drawn for these pictures. */
const DRAWINGS = {
  ledgerly: `<rect width="64" height="64" rx="14" fill="#24407f"/>
    <path d="M20 14v34h26" fill="none" stroke="#fff" stroke-width="7"/>
    <path d="M30 20h14M30 30h14" stroke="#9fc0ff" stroke-width="5"/>`,
  fieldnotes: `<rect width="64" height="64" rx="14" fill="#d9562b"/>
    <path d="M18 46c4-18 12-28 28-30-1 17-9 26-24 27" fill="#ffe7cf"/>
    <path d="M16 50c6-12 12-18 20-23" fill="none" stroke="#7c2508" stroke-width="4" stroke-linecap="round"/>`,
  pocket: `<rect width="64" height="64" rx="14" fill="#f2c230"/>
    <path d="M20 14h24v36l-6-4-6 4-6-4-6 4z" fill="#fff"/>
    <path d="M26 24h12M26 32h12" stroke="#8a6500" stroke-width="4"/>`,
}

/** The logos as PNG, by client id. */
export async function drawLogos(browser: Browser): Promise<Readonly<Record<string, Buffer>>> {
  const page = await browser.newPage({ viewport: { width: 64, height: 64 }, deviceScaleFactor: 2 })
  const drawn: Record<string, Buffer> = {}
  for (const [name, shapes] of Object.entries(DRAWINGS)) {
    await page.setContent(
      `<body style="margin:0"><svg viewBox="0 0 64 64" width="64" height="64" style="display:block">${shapes}</svg>`,
    )
    drawn[name] = await page.screenshot({ omitBackground: true })
  }
  await page.close()
  return drawn
}
