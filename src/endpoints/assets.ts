import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Request, Response } from 'express'
import type { Endpoint } from '../http/endpoint.ts'

/** The files that pages refer to, by name and media type. */
const ASSETS = {
  'latchkey.css': 'text/css; charset=utf-8',
  'latchkey.svg': 'image/svg+xml',
  'form-post.js': 'text/javascript; charset=utf-8',
}

const ONE_HOUR = 'public, max-age=3600'

/**
 * One endpoint a file: nothing else of the folder can be asked for. Read at the start, so a missing file stops it.
 *
 * @param directory the folder of the files
 */
export function assets(directory: string): Endpoint[] {
  return Object.entries(ASSETS).map(([name, type]) => {
    const content = readFileSync(join(directory, name))
    const get = (_req: Request, res: Response) => {
      res.set({ 'Content-Type': type, 'Cache-Control': ONE_HOUR }).send(content)
    }
    return { path: `/assets/${name}`, errors: 'page', methods: { GET: get, HEAD: get } }
  })
}
