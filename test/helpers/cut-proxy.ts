import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A stretch of network that can be cut and mended. */
export interface CutProxy {
  port: number
  /** From now on nothing passes, over old connections or new ones. */
  cut(): void
  /** All goes on. What was sent meanwhile arrives now, as TCP has it. */
  mend(): void
  close(): Promise<void>
}

export async function createCutProxy(target: number): Promise<CutProxy> {
  const open = new Set<Socket>()
  let isCut = false
  const proxy = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      if (!isCut) from.pipe(to)
      else from.once('mended', () => from.pipe(to))
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
      from.on('cut', () => {
        from.unpipe(to)
        from.pause()
        from.once('mended', () => from.pipe(to))
      })
    }
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')

  return {
    port: (proxy.address() as AddressInfo).port,
    cut() {
      isCut = true
      for (const socket of open) socket.emit('cut')
    },
    mend() {
      isCut = false
      for (const socket of open) socket.emit('mended')
    },
    async close() {
      for (const socket of open) socket.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
