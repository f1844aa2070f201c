import { type CpuProfile, type Frame, placeOf, sumUp } from './profile.ts'

/** What a request's time on the main thread goes to. */
export const parts = [
  'Express',
  'Redis client',
  'writes to Redis',
  'crypto',
  'JSON',
  'logging',
  'HTTP of Node',
  'sockets of clients',
  'garbage collection',
  'Latchkey itself',
  'everything else',
] as const

export type Part = (typeof parts)[number]

/** Microseconds for one operation. */
export type Shares = Record<Part, number>

/** Places that are a part by themselves. */
const PLACES: Readonly<Record<string, Part>> = {
  'Express and its router': 'Express',
  ioredis: 'Redis client',
  jose: 'crypto',
  'node: crypto': 'crypto',
  pino: 'logging',
  'node: files': 'logging',
  'node: http': 'HTTP of Node',
  'garbage collection': 'garbage collection',
}

/** Files that write to Redis: what a socket does below them is for it. */
const TO_REDIS = /\/node_modules\/ioredis\/|\/store\/redis\//

const LOGGING = /\/node_modules\/(pino|sonic-boom)\//

/** A profile of this many operations, by part. */
export function sharesOf(profile: CpuProfile, operations: number): Shares {
  const times = sumUp(profile, (stack) => [partOf(stack)])
  return Object.fromEntries(parts.map((part) => [part, (times.get(part) ?? 0) / operations])) as Shares
}

/** The part that a sample belongs to. @param stack the innermost frame first */
export function partOf(stack: readonly Frame[]): Part {
  const [innermost] = stack
  // What is written for the log, wherever its time goes.
  if (stack.some(({ url }) => LOGGING.test(url))) return 'logging'
  if (innermost?.url === '' && /^(stringify|parse)$/.test(innermost.functionName)) return 'JSON'
  const frame = stack.find(({ functionName, url }) => url !== '' || functionName.startsWith('('))
  const place = frame === undefined ? '' : placeOf(frame)
  if (place === 'node: sockets')
    return stack.some(({ url }) => TO_REDIS.test(url)) ? 'writes to Redis' : 'sockets of clients'
  return PLACES[place] ?? (place.startsWith('latchkey') ? 'Latchkey itself' : 'everything else')
}
