import type { Exchange } from '../driver.ts'
import type { BenchServer, ServerName } from '../servers/server.ts'

export const operationNames = [
  'redeem',
  'refresh',
  'authorize',
  'authorize+redeem',
  'introspect',
  'metadata',
  'jwks',
] as const

export type OperationName = (typeof operationNames)[number]

/** One operation of a lane. Throws WrongAnswer where the server did not do what was asked. */
export type Run = (lane: number, exchange: Exchange) => Promise<void>

/** What is prepared before the clock runs. */
export interface Amount {
  /** How often the operation will be run at most. */
  count: number
  /** How many of them at once. */
  lanes: number
  /** Sends a request outside the measured time. */
  exchange: Exchange
}

/** Something a server does for a client, the same on the wire for all servers but for the addresses. */
export interface Operation {
  name: OperationName
  /** The servers that can do it. */
  servers: readonly ServerName[]
  prepare(server: BenchServer, amount: Amount): Promise<Run>
}
