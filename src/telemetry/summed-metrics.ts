import type { MetricNumbers } from './metrics.ts'

/** Adds up the metrics of several processes, so that they read like those of one. */
export interface SummedMetrics {
  /** The sum, in the text format of Prometheus. */
  text(parts: readonly MetricNumbers[]): Promise<string>
  /** The sum of what outlives a process: what it counted. How it is, such as its memory, ends with it. */
  lasting(parts: readonly MetricNumbers[]): Promise<MetricNumbers>
  /** The media type of the text. */
  readonly contentType: string
}

const COUNTS = ['counter', 'histogram', 'summary']

/** The library is loaded here and not before, as by `createMetrics`. */
export async function createSummedMetrics(): Promise<SummedMetrics> {
  const { AggregatorRegistry, Registry } = await import('prom-client')
  const sum = (parts: readonly MetricNumbers[]) => AggregatorRegistry.aggregate(parts.map((part) => [...part]))

  return {
    text: (parts) => sum(parts).metrics(),
    async lasting(parts) {
      const numbers = await sum(parts).getMetricsAsJSON()
      // The library says it in words, whatever its types say.
      return numbers.filter(({ type }) => COUNTS.includes(String(type)))
    },
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
  }
}
