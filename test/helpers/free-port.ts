import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below the ports that systems give to whoever asks for any (RFC 6335 §6; Linux from 32768 on), as every server and every
 * connection of the tests does, and so are those 10000 higher, which the nodes of a cluster talk over.
 */
const LOWEST = 10_240
const HIGHEST = 22_767
/** At least as many as jest has workers. Each takes ports of its own, so that none takes one that another was just told of. */
const SHARES = 8
const ATTEMPTS = 100

/** A loopback port that nobody listens on at this moment, and that nobody else is likely to take. */
export async function freePort(): Promise<number> {
  const share = Number(process.env.JEST_WORKER_ID ?? 0) % SHARES
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST + share + SHARES * randomInt(Math.floor((HIGHEST - LOWEST) / SHARES))
    if (await isFree(port)) return port
  }
  throw new Error('there is no free port')
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
  } catch {
    return false
  }
  probe.close()
  await once(probe, 'close')
  return true
}
