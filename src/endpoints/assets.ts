import type { Request, Response } from 'express'
import type { Endpoint } from '../http/endpoint.ts'
import type { PageAsset } from '../http/page-assets.ts'

const ONE_HOUR = 'public, max-age=3600'
const ONE_YEAR = 'public, max-age=31536000, immutable'

/** An SVG is a document of its own when it is opened as one: it gets no scripts and nothing from elsewhere. */
const SVG_POLICY = "default-src 'none';style-src 'unsafe-inline';sandbox;frame-ancestors 'none'"

/** One endpoint a file: nothing else of their folders can be asked for. */
export function assets(files: ReadonlyMap<string, PageAsset>): Endpoint[] {
  return [...files.values()].map(({ name, type, content, version }) => {
    const get = (req: Request, res: Response) => {
      // Pages ask by version: under that address the content never changes. Another version is one of an earlier start.
      const lifetime = req.url.endsWith(`?v=${version}`) ? ONE_YEAR : ONE_HOUR
      if (type === 'image/svg+xml') res.set('Content-Security-Policy', SVG_POLICY)
      res.set({ 'Content-Type': type, 'Cache-Control': lifetime }).send(Buffer.from(content))
    }
    return { path: `/assets/${name}`, errors: 'page', inert: true, methods: { GET: get, HEAD: get } }
  })
}
