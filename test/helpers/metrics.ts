import type { Metrics } from '../../src/telemetry/metrics.ts'

/** The value of one series; undefined where there is none. Labels that are left out may be anything; the values are added. */
export async function seriesValue(
  metrics: Metrics | undefined,
  name: string,
  labels: Record<string, string> = {},
): Promise<number | undefined> {
  const found = (await metrics?.registry.getMetricsAsJSON())?.find((metric) => name.startsWith(metric.name))
  const values = (found?.values ?? []) as Array<{
    metricName?: string
    labels: Record<string, unknown>
    value: number
  }>
  const matching = values.filter(
    ({ metricName = name, labels: own }) =>
      metricName === name && Object.entries(labels).every(([label, value]) => own[label] === value),
  )
  return matching.length === 0 ? undefined : matching.reduce((sum, { value }) => sum + value, 0)
}
