import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** A loopback port that nobody listens on at this moment; whoever uses it must be ready to lose it to another. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
