import type { Worker } from 'node:cluster'
import type { MetricNumbers } from '../telemetry/metrics.ts'

/** What the primary tells its workers. Not by signals: a terminal sends those to the workers as well. */
export type WorkerMessage = 'stop' | 'reload' | 'measure'

/** Tells a worker; one that is just ending hears nothing, and need not. */
export function tell(worker: Worker, message: WorkerMessage): void {
  if (worker.isConnected()) worker.send(message, () => undefined)
}

/** Calls back for each message of the primary; never in a process that has none. */
export function onMessage(handlers: Readonly<Record<WorkerMessage, () => void>>): void {
  process.on('message', (message) => {
    if (message === 'stop' || message === 'reload' || message === 'measure') handlers[message]()
  })
}

/** Tells the primary what this worker has measured. */
export function tellNumbers(numbers: MetricNumbers): void {
  // A primary that is gone takes its workers along.
  if (process.connected) process.send?.({ numbers }, undefined, undefined, () => undefined)
}

/** What a worker told of its measurements; undefined where the message is another one. */
export function readNumbers(message: unknown): MetricNumbers | undefined {
  if (typeof message !== 'object' || message === null || !('numbers' in message)) return undefined
  return message.numbers as MetricNumbers
}
