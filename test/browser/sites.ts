import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { makeCertificate } from '../helpers/certificate.ts'
import { closePort, openPort } from '../helpers/listen.ts'

/** What a site answers: a page, or an address to go on to. */
export type Answer = { html: string; headers?: Record<string, string> } | { redirect: string }

/** A web site on an origin of its own. */
export interface Site {
  origin: string
  close(): Promise<void>
}

/**
 * Opens a site.
 *
 * @param host `localhost` is another site than the server's 127.0.0.1; another port of 127.0.0.1 is the same site and yet
 * another origin; `https://localhost` has a certificate that nobody trusts
 */
export async function openSite(
  host: 'localhost' | 'home.localhost' | '127.0.0.1' | 'https://localhost',
  pages: Record<string, (url: URL) => Answer | Promise<Answer>>,
): Promise<Site> {
  const secure = host === 'https://localhost'
  const http = secure ? createTlsServer(makeCertificate('localhost')) : createServer()
  http.on('request', async (req, res) => {
    const url = new URL(req.url ?? '/', 'http://site')
    const answer = await pages[url.pathname]?.(url)
    if (answer === undefined) res.writeHead(404).end()
    else if ('redirect' in answer) res.writeHead(302, { Location: answer.redirect }).end()
    else res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...answer.headers }).end(answer.html)
  })
  const port = await openPort(http)
  return { origin: `${secure ? host : `http://${host}`}:${port}`, close: () => closePort(http) }
}

/**
 * A whole page around a body.
 *
 * @param first what is there before the heading: a script that stands here has run when the heading is seen
 */
export function html(title: string, body = '', first = ''): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
    <link rel="icon" href="data:,"><body>${first}<h1>${title}</h1>${body}</body></html>`
}
