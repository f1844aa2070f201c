import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A stretch of network that loses the answer to a command, or holds all of them up. */
export interface LossyProxy {
  port: number
  /**
   * The next command whose bytes contain the text reaches Redis and is carried out; its answer reaches nobody.
   *
   * @param how 'close' ends the connection, 'silence' leaves it open without a word
   * @param meanwhile is done after Redis answered, before the connection ends
   * @returns resolves when the answer was lost
   */
  loseAnswerTo(text: string, how?: 'close' | 'silence', meanwhile?: () => Promise<unknown>): Promise<void>
  /** From now on answers take that many milliseconds longer. */
  slow(delay: number): void
  close(): Promise<void>
}

interface Loss {
  text: string
  how: 'close' | 'silence'
  meanwhile: () => Promise<unknown>
  done: () => void
}

export async function createLossyProxy(target: number): Promise<LossyProxy> {
  const open = new Set<Socket>()
  let waiting: Loss | undefined
  let delay = 0
  const proxy = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    let losing: Loss | undefined
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    near.on('data', (chunk: Buffer) => {
      if (waiting !== undefined && chunk.includes(waiting.text)) {
        losing = waiting
        waiting = undefined
      }
      far.write(chunk)
    })
    far.on('data', (chunk: Buffer) => {
      if (losing === undefined)
        return void (delay === 0 ? near.write(chunk) : setTimeout(() => near.write(chunk), delay))
      far.removeAllListeners('data').resume()
      const { how, meanwhile, done } = losing
      void meanwhile().then(() => {
        if (how === 'close') near.destroy()
        done()
      })
    })
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')

  return {
    port: (proxy.address() as AddressInfo).port,
    loseAnswerTo: (text, how = 'close', meanwhile = async () => undefined) =>
      new Promise((done) => {
        waiting = { text, how, meanwhile, done }
      }),
    slow: (wanted) => {
      delay = wanted
    },
    async close() {
      for (const socket of open) socket.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
