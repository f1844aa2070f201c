import { figure, formatTable, percent } from './table.ts'

/** A CPU profile as V8 writes it; only what is read here. */
export interface CpuProfile {
  nodes: readonly ProfileNode[]
  samples: readonly number[]
  /** Microseconds before each sample. */
  timeDeltas: readonly number[]
}

/** A function as a profile names it. */
export interface Frame {
  functionName: string
  url: string
  lineNumber: number
}

interface ProfileNode {
  id: number
  callFrame: Frame
  children?: readonly number[]
}

/** How many functions are shown. */
const SHOWN = 40

/** Which packages belong to which place; every other package came with Express. */
const PACKAGES: readonly [RegExp, string][] = [
  [/^(ioredis|redis-\w+|denque|standard-as-callback|cluster-key-slot|@ioredis)/, 'ioredis'],
  [/^(pino|sonic-boom|@pinojs|thread-stream|safe-stable-stringify|quick-format)/, 'pino'],
  [/^jose/, 'jose'],
  [/^helmet/, 'helmet'],
  [/^cookie$/, 'cookie'],
]

/** The part of the server that a frame belongs to, by its URL. */
export function placeOf({ functionName, url }: Frame): string {
  if (functionName === '(garbage collector)') return 'garbage collection'
  if (functionName === '(program)') return 'native code outside of JavaScript'
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? []
  if (name !== undefined) return PACKAGES.find(([pattern]) => pattern.test(name))?.[1] ?? 'Express and its router'
  const [, folder] = /\/dist\/(.+?)(?:\/[^/]+)?$/.exec(url) ?? []
  if (folder !== undefined) return `latchkey: ${folder}`
  if (/^node:(internal\/)?(crypto|webcrypto)/.test(url)) return 'node: crypto'
  if (/^node:(_http|http|internal\/http)/.test(url)) return 'node: http'
  if (/^node:(net|internal\/(net|stream_base_commons))/.test(url)) return 'node: sockets'
  if (/^node:(fs|internal\/fs)/.test(url)) return 'node: files'
  if (/^node:(stream|internal\/streams|events)/.test(url)) return 'node: streams and events'
  return url.startsWith('node:') ? 'node: other' : 'none of these'
}

/**
 * Microseconds by place, each frame's own time only. Native functions have no URL and count where they were called.
 */
export function timeByPlace(profile: CpuProfile): Map<string, number> {
  return sumUp(profile, (stack) => {
    const frame = stack.find(({ functionName, url }) => url !== '' || functionName.startsWith('('))
    return frame === undefined ? [] : [placeOf(frame)]
  })
}

/**
 * Microseconds by function of ours or of a package, with the time of Node and of native functions that it called itself,
 * but without other functions of ours and of packages: who is to change where time is to be saved.
 */
export function timeByCaller(profile: CpuProfile): Map<string, number> {
  return sumUp(profile, (stack) => stack.flatMap((frame) => nameOf(frame) ?? []).slice(0, 1))
}

/** Microseconds by function of ours or of a package, with all that it calls. */
export function timeByFunction(profile: CpuProfile): Map<string, number> {
  return sumUp(profile, (stack) => [...new Set(stack.flatMap((frame) => nameOf(frame) ?? []))])
}

/** The tables of a profile of this many operations. @param cpu milliseconds of all threads for one operation */
export function writeProfile(profile: CpuProfile, operations: number, cpu: number): string {
  const places = timeByPlace(profile)
  const total = [...places.values()].reduce((sum, time) => sum + time, 0)
  const row = ([name, time]: [string, number]) => [name, figure(time / operations), percent(time / total)]
  const ranked = (times: Map<string, number>) => [...times].sort(([, a], [, b]) => b - a)
  const others = Math.max(0, cpu * 1000 - total / operations)
  return [
    formatTable(['Where the main thread is', 'µs', 'share'], ranked(places).map(row)),
    `Other threads (WebCrypto, garbage collection, compiling): ${figure(others)} µs an operation.`,
    formatTable(
      ['Functions, with Node below them', 'µs', 'share'],
      ranked(timeByCaller(profile)).slice(0, SHOWN).map(row),
    ),
    formatTable(
      ['Functions with all they call', 'µs', 'share'],
      ranked(timeByFunction(profile)).slice(0, SHOWN).map(row),
    ),
  ].join('\n\n')
}

/**
 * Adds the time of every sample to the names that its stack, the innermost frame first, stands for. Idle time is left out,
 * and what the profiler itself took.
 */
export function sumUp(
  profile: CpuProfile,
  namesOf: (stack: readonly Frame[]) => readonly string[],
): Map<string, number> {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]))
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  const times = new Map<string, number>()
  for (const [index, id] of profile.samples.entries()) {
    const stack: Frame[] = []
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = byId.get(at)?.callFrame
      if (frame !== undefined) stack.push(frame)
    }
    if (stack[0]?.functionName === '(idle)' || stack.some(({ url }) => url === 'node:inspector')) continue
    for (const name of namesOf(stack)) times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0))
  }
  return times
}

function nameOf(frame: Frame): string | undefined {
  const [, file] = /\/(?:node_modules|dist)\/(?:.*\/node_modules\/)?(.+)$/.exec(frame.url) ?? []
  if (file === undefined) return undefined
  return `${frame.functionName || '(anonymous)'} ${file}:${frame.lineNumber + 1}`
}
