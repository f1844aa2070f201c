import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { closePort, openPort } from './listen.ts'

/** A balancer before several servers. */
export interface RoundRobinProxy {
  url: string
  /** Takes a server in and answers once it gets requests. */
  add(url: string): Promise<void>
  /** Answers once a server gets no more requests, since it was seen not to be ready. */
  isOut(url: string): Promise<void>
  /** How many requests each server answered. */
  answered(url: string): number
  close(): Promise<void>
}

interface Backend {
  url: string
  agent: Agent
  ready: boolean
  answered: number
}

/**
 * Sends each request to the next server that is ready, over connections that stay open. Asks for readiness all the time.
 * As such proxies do, it sends a request to another server only where the first one refused the connection.
 */
export async function createRoundRobinProxy(): Promise<RoundRobinProxy> {
  const backends = new Map<string, Backend>()
  let turn = 0
  let closed = false

  const next = () => {
    const ready = [...backends.values()].filter((backend) => backend.ready)
    return ready[turn++ % ready.length]
  }

  const forward = (req: IncomingMessage, res: ServerResponse, body: Buffer) => {
    const backend = next()
    if (backend === undefined) {
      res.writeHead(502).end('no server is ready')
      return
    }
    // Between proxy and server there are connections of their own (RFC 9110 §7.6.1).
    const { connection, ...headers } = req.headers
    const out = request(backend.url + req.url, { method: req.method, headers, agent: backend.agent }, (answer) => {
      backend.answered++
      const { connection: theirs, 'keep-alive': _, ...told } = answer.headers
      res.writeHead(answer.statusCode ?? 502, told)
      answer.pipe(res)
    })
    out.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNREFUSED') res.writeHead(502).end(`${backend.url}: ${error.message}`)
      else {
        backend.ready = false
        forward(req, res, body)
      }
    })
    out.end(body)
  }

  const http = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => forward(req, res, Buffer.concat(chunks)))
  })
  const url = `http://127.0.0.1:${await openPort(http)}`

  const pause = () => new Promise((resolve) => setTimeout(resolve, 20))
  const watch = async (backend: Backend) => {
    while (!closed) {
      const answer = await fetch(`${backend.url}/readyz`).catch(() => undefined)
      await answer?.body?.cancel()
      backend.ready = answer?.status === 200
      await pause()
    }
  }
  const watching: Promise<void>[] = []

  return {
    url,
    async add(address) {
      const backend = { url: address, agent: new Agent({ keepAlive: true }), ready: false, answered: 0 }
      backends.set(address, backend)
      watching.push(watch(backend))
      while (!backend.ready) await pause()
    },
    async isOut(address) {
      while (backends.get(address)?.ready === true) await pause()
    },
    answered: (address) => backends.get(address)?.answered ?? 0,
    async close() {
      closed = true
      await Promise.all(watching)
      for (const { agent } of backends.values()) agent.destroy()
      await closePort(http)
    },
  }
}
