import type { IncomingHttpHeaders } from 'node:http'
import { Client } from 'undici'
import { createHistogram, type Histogram } from './histogram.ts'
import type { Run } from './operations/operation.ts'

export interface WireRequest {
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: string
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Sends a request over the connection of a lane. */
export type Exchange = (request: WireRequest) => Promise<Answer>

/** The connections of a measurement: one a lane, kept open, one request at a time. */
export interface Wire {
  lanes: number
  exchange(lane: number): Exchange
  close(): Promise<void>
}

/** @param urls the lanes are dealt out to them in turn */
export function openWire(urls: readonly string[], lanes: number): Wire {
  const clients = Array.from({ length: lanes }, (_, lane) => new Client(urls[lane % urls.length] as string))
  return {
    lanes,
    exchange(lane) {
      const client = clients[lane] as Client
      return async (request) => {
        const { statusCode, headers, body } = await client.request(request)
        return { status: statusCode, headers, text: await body.text() }
      }
    },
    close: async () => void (await Promise.all(clients.map((client) => client.close()))),
  }
}

/** What came of driving a server for a while. */
export interface Outcome {
  /** Operations that ended well. */
  done: number
  /** Milliseconds from the first request to the last answer. */
  took: number
  /** Microseconds that the operations which ended well took, each. */
  times: Histogram
  /** What went wrong, and how often. */
  failures: ReadonlyMap<string, number>
}

/** Runs an operation this many times, in all lanes of the wire at once, each lane one after the other. */
export async function drive(wire: Wire, run: Run, count: number): Promise<Outcome> {
  const times = createHistogram()
  const failures = new Map<string, number>()
  let left = count

  const lane = async (index: number) => {
    const exchange = wire.exchange(index)
    while (left > 0) {
      left--
      const begun = performance.now()
      try {
        await run(index, exchange)
        times.record((performance.now() - begun) * 1000)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        failures.set(reason, (failures.get(reason) ?? 0) + 1)
      }
    }
  }

  const begun = performance.now()
  await Promise.all(Array.from({ length: wire.lanes }, (_, index) => lane(index)))
  return { done: times.count(), took: performance.now() - begun, times, failures }
}
