import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AbstractConnector, type RedisOptions } from 'ioredis'
import type { Address } from '../../config/address.ts'
import { isSame, type MasterWatch } from './master-watch.ts'

/** The way to the master that the sentinels name. */
export interface MasterConnector {
  /** What ioredis makes its connections by. */
  Connector: NonNullable<RedisOptions['Connector']>
  /** Ends the connection there is, or is about to be, if it leads to another master than the named one; says whether. */
  leave(): boolean
}

/**
 * Connects to the named master. While no sentinel is in reach that is the one they named last: as far as anyone can tell it
 * still is master. ioredis's own connector asks one sentinel for each connection and would believe one that is cut off.
 *
 * @param tls undefined without TLS
 */
export function createMasterConnector(watch: MasterWatch, tls: { ca?: string } | undefined): MasterConnector {
  let stream: Socket | undefined
  let target: Address | undefined

  class Connector extends AbstractConnector {
    constructor() {
      super(0)
    }

    override async connect(): Promise<Socket> {
      this.connecting = true
      // So that what they know by now is heard before it would be time.
      watch.look()
      const first = await watch.whenNamed()
      // Another one may be named by now.
      target = watch.named() ?? first
      if (!this.connecting) throw new Error('Connection is closed.')
      const { host, port } = target
      stream = tls === undefined ? connect({ host, port }) : connectTls({ host, port, ...tls })
      stream.once('error', (error) => {
        this.firstError = error
      })
      return stream
    }

    // A replica may have been named a moment before it knows that it is master now.
    override check({ role }: { role?: string }): boolean {
      return role === undefined || role === 'master'
    }

    // A master that stands still would never take its part in an orderly end.
    override disconnect(): void {
      this.connecting = false
      stream?.destroy()
    }
  }

  return {
    Connector,
    leave() {
      const named = watch.named()
      if (stream === undefined || stream.destroyed || target === undefined || named === undefined) return false
      if (isSame(target, named)) return false
      stream.destroy()
      return true
    },
  }
}
