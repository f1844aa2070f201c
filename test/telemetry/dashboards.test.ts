import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { auditEvents } from '../../src/telemetry/events.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface Dashboard {
  panels: Array<{ id: number; targets?: Array<{ expr: string }> }>
}
interface Alerts {
  groups: Array<{ rules: Array<{ alert: string; expr: string }> }>
}

const dashboard = JSON.parse(read('deploy/grafana/latchkey.json')) as Dashboard
const alerts = (parse(read('deploy/prometheus/alerts.yaml')) as Alerts).groups.flatMap(({ rules }) => rules)
const expressions = [
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...alerts.map(({ expr }) => expr),
]

/** What PromQL itself brings. */
const WORDS = ['sum', 'by', 'rate', 'increase', 'topk', 'absent', 'histogram_quantile']
/** The labels that Prometheus adds. */
const ADDED = ['instance', 'job']

/** The series there are, with their labels. */
let series: Map<string, readonly string[]>
/** Names and kinds of our own metrics. */
let own: Array<{ name: string; type: string; labels: readonly string[] }>

beforeAll(async () => {
  const { registry } = await createMetrics('1.2.3')
  const metrics = registry.getMetricsAsArray() as unknown as Array<{
    name: string
    type: string
    labelNames?: readonly string[]
  }>
  const described = metrics.map(({ name, labelNames = [] }) => {
    const type = registry.getSingleMetric(name)?.constructor.name.toLowerCase() as string
    return { name, type, labels: labelNames }
  })
  series = new Map(
    described.flatMap(
      ({ name, type, labels }): Array<[string, readonly string[]]> =>
        type === 'histogram'
          ? [
              [`${name}_bucket`, [...labels, 'le']],
              [`${name}_count`, labels],
              [`${name}_sum`, labels],
            ]
          : [[name, labels]],
    ),
  )
  own = described.filter(({ name }) => name.startsWith('latchkey_'))
})

/** The names in an expression that are neither PromQL's nor numbers, without labels and ranges. */
function metricsIn(expr: string): string[] {
  const bare = expr.replace(/\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)/g, ' ')
  return [...new Set(bare.match(/[a-z_][a-z0-9_]*/gi) ?? [])].filter((name) => !WORDS.includes(name))
}

function labelsIn(expr: string): string[] {
  const matched = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label as string),
  )
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, inside = '']) => inside.split(/,\s*/))
  return [...new Set([...matched, ...grouped])]
}

it.each(expressions)('only what is measured stands in: %s', (expr) => {
  const metrics = metricsIn(expr)
  expect(metrics).not.toEqual([])
  expect(metrics.filter((name) => !series.has(name))).toEqual([])
  const known = metrics.flatMap((name) => series.get(name) ?? [])
  expect(labelsIn(expr).filter((label) => ![...known, ...ADDED].includes(label))).toEqual([])
})

it('the search finds a metric and a label that there are not', () => {
  expect(metricsIn('sum by (le) (rate(latchkey_none_total{a="b"}[5m])) / 2')).toEqual(['latchkey_none_total'])
  expect(labelsIn('sum by (le, x) (rate(latchkey_none_total{a="b", c=~"d"}[5m]))')).toEqual(['a', 'c', 'le', 'x'])
})

it('every audit event that is named there is one', () => {
  const named = expressions.flatMap((expr) =>
    [...expr.matchAll(/event=~?"([^"]*)"/g)].flatMap(([, list]) => list?.split('|')),
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !Object.hasOwn(auditEvents, name as string))).toEqual([])
})

it('every metric of ours is on the dashboard, and each panel has an id of its own', () => {
  const text = expressions.join('\n')
  expect(own.filter(({ name }) => !text.includes(name))).toEqual([])
  const ids = dashboard.panels.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

it('docs/operations/metrics.md has a row for every metric of ours, with its kind and labels, and no other', () => {
  const page = read('docs/operations/metrics.md')
  const rows = [...page.matchAll(/^\| `(latchkey_\w+)`\s*\| (\w+)\s*\| ([^|]*?)\s*\|/gm)].map(
    ([, name, type, labels]) => ({
      name,
      type,
      labels: labels?.split(', ').map((label) => label.replaceAll('`', '')),
    }),
  )
  expect(rows).toEqual(own)
})
