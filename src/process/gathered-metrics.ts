import cluster, { type Worker } from 'node:cluster'
import type { MetricNumbers } from '../telemetry/metrics.ts'
import type { SummedMetrics } from '../telemetry/summed-metrics.ts'
import { readNumbers, tell } from './worker-messages.ts'

/** How long a worker may take to tell its numbers, in milliseconds; after that its latest ones count. */
const ANSWER_WITHIN = 1000

/**
 * In the primary: gives the function that asks all workers what they measured, and adds it up. What a worker had counted when
 * it was last asked still counts after its death, so that no sum ever goes down.
 *
 * @param workers those to ask
 */
export function gatherMetrics(workers: () => Iterable<Worker>, summed: SummedMetrics): () => Promise<string> {
  const latest = new Map<Worker, MetricNumbers>()
  const dead = new WeakSet<Worker>()
  const waiting = new Set<(answered: Worker) => void>()
  let ofTheDead: Promise<MetricNumbers> = Promise.resolve([])

  cluster.on('message', (worker, message) => {
    const numbers = readNumbers(message)
    if (numbers === undefined || dead.has(worker)) return
    latest.set(worker, numbers)
    for (const answer of waiting) answer(worker)
  })
  cluster.on('exit', (worker) => {
    dead.add(worker)
    const last = latest.get(worker)
    latest.delete(worker)
    if (last !== undefined) ofTheDead = ofTheDead.then((before) => summed.lasting([before, last]))
    for (const answer of waiting) answer(worker)
  })

  const ask = (worker: Worker) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(limit)
        waiting.delete(answer)
        resolve()
      }
      const answer = (answered: Worker) => {
        if (answered === worker) end()
      }
      const limit = setTimeout(end, ANSWER_WITHIN)
      waiting.add(answer)
      tell(worker, 'measure')
    })

  return async () => {
    await Promise.all([...workers()].map(ask))
    // Taken in one step, since whoever dies goes from the ones to the others.
    const [before, now] = [ofTheDead, [...latest.values()]]
    return summed.text([await before, ...now])
  }
}
