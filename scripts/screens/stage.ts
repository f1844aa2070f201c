/** A server in this process, on the memory store and a clock that is moved, with the pictures of its clients beside it. */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config/load.ts'
import { buildDeps, supported } from '../../src/deps.ts'
import { drawLogos } from './logos.ts'
import { environment } from './settings.ts'

/** What the pictures are taken of. */
export interface Stage {
  issuer: string
  /** Lets days go by. */
  pass(days: number): void
  close(): Promise<void>
}

const DAY_MS = 86_400_000

/** So that the pictures show the same dates whenever they are taken. */
const FIRST_DAY = Date.UTC(2026, 0, 12, 9)

export async function openStage(browser: Browser): Promise<Stage> {
  const drawings = await drawLogos(browser)
  const pictures = await listen((req, res) => {
    const drawing = drawings[req.url?.slice(1) ?? '']
    if (drawing === undefined) res.writeHead(404).end()
    else res.writeHead(200, { 'Content-Type': 'image/png' }).end(drawing)
  })
  const logos = Object.fromEntries(Object.keys(drawings).map((name) => [name, `${pictures.url}/${name}`]))
  const place = await listen()
  const config = loadConfig(environment(place.url, logos), supported, () => {
    throw new Error('everything stands in the environment')
  })
  let now = FIRST_DAY
  const deps = await buildDeps(config, { clock: { now: () => now } })
  place.server.on('request', createApp(deps))
  await logosAreThere(() => config.clients.every((client) => !client.logo_uri || deps.logos.logoOf(client)))
  return {
    issuer: place.url,
    pass: (days) => {
      now += days * DAY_MS
    },
    async close() {
      for (const { server } of [place, pictures]) {
        server.close()
        server.closeAllConnections()
      }
      await deps.store.close()
    },
  }
}

async function listen(listener?: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** They are fetched behind the back of whoever asks for them. */
async function logosAreThere(areThere: () => boolean): Promise<void> {
  for (let attempt = 0; !areThere(); attempt++) {
    if (attempt === 100) throw new Error('the logos did not come')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
