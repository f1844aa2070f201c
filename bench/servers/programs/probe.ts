/** Loaded into every server before its own code: tells the parent what the process uses. It does nothing unless asked. */
import { Session } from 'node:inspector/promises'

export interface Wanted {
  id: number
  want: 'usage' | 'usage-collected' | 'profile' | 'profiled'
}

export interface Usage {
  /** Milliseconds of CPU so far, of all threads. */
  cpu: number
  /** Bytes. */
  rss: number
  heap: number
}

export interface Told {
  id: number
  usage: Usage
  profile?: string
}

/** Microseconds. */
const SAMPLING_INTERVAL = 200

const session = new Session()

process.on('message', async ({ id, want }: Wanted) => {
  if (want === 'usage-collected') globalThis.gc?.()
  if (want === 'profile') await startProfile()
  const profile = want === 'profiled' ? await stopProfile() : undefined
  const told: Told = { id, usage: usage(), ...(profile === undefined ? {} : { profile }) }
  process.send?.(told)
})

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  return { cpu: (user + system) / 1000, rss, heap: heapUsed }
}

async function startProfile(): Promise<void> {
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL })
  await session.post('Profiler.start')
}

async function stopProfile(): Promise<string> {
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  return JSON.stringify(profile)
}
