import type { RedisOptions } from 'ioredis'
import type { Address } from '../../config/address.ts'
import { createSentinel, type NamedMaster } from './sentinel.ts'

/** Who is master, as the sentinels have it. */
export interface MasterWatch {
  /** Where the master is; undefined until the sentinels have said so. */
  named(): Address | undefined
  /** Resolves with where it is as soon as that is known. */
  whenNamed(): Promise<Address>
  /** Asks every sentinel now, not only when it is time. */
  look(): void
  close(): void
}

/** How often each sentinel is asked, in milliseconds: what it does not tell by itself is known after this. */
const BETWEEN_LOOKS = 1000

/**
 * Asks all sentinels who is master, and goes on hearing of failovers: that a master was deposed is known as soon as they
 * know it. The deposed one does not know: it may have stood still, and takes writes that will be lost.
 *
 * A sentinel may hear late of a failover, or never where it is cut off. So the highest epoch counts: every failover gets a
 * new one, by the vote of most sentinels. What a sentinel said before it was lost counts on until most of them answer, or one
 * that is cut off would lead back to the old master as soon as no other is in reach. Where most answer, only they count: an
 * operator may have had them all begin anew, with lower epochs.
 *
 * @param options.name what they call the master
 * @param options.connection how each is connected to, but for its address
 * @param options.changed is called when a master is named that was not before
 * @param options.trouble is told why no sentinel names a master
 */
export function watchMaster(
  addresses: readonly Address[],
  options: { name: string; connection: RedisOptions; changed: () => void; trouble: (reason: string) => void },
): MasterWatch {
  const { name, connection, changed, trouble } = options
  let named: Address | undefined
  let tellFirst: (master: Address) => void
  const first = new Promise<Address>((resolve) => {
    tellFirst = resolve
  })
  let closed = false

  const heard = (reason?: string) => {
    if (closed) return
    const there = sentinels.filter((sentinel) => sentinel.isThere())
    const areMost = there.length > sentinels.length / 2
    // The first one to answer may be the one that is cut off.
    if (named === undefined && !areMost && !sentinels.every((sentinel) => sentinel.isSettled())) return
    const next = newest(
      (areMost ? there : sentinels).flatMap((sentinel) => sentinel.said() ?? []),
      named,
    )
    if (next !== undefined && !isSame(next, named)) {
      named = next
      tellFirst(next)
      changed()
    }
    if (reason !== undefined && !there.some((sentinel) => sentinel.said() !== undefined)) trouble(reason)
  }
  const sentinels = addresses.map((address) => createSentinel(address, { name, connection, heard }))
  const look = () => {
    for (const sentinel of sentinels) sentinel.ask()
  }
  const timer = setInterval(look, BETWEEN_LOOKS).unref()

  return {
    named: () => named,
    whenNamed: async () => named ?? first,
    look,
    close() {
      closed = true
      clearInterval(timer)
      for (const sentinel of sentinels) sentinel.close()
    },
  }
}

/** Whether both are one address, spelled alike. */
export function isSame(one: Address, other: Address | undefined): boolean {
  return one.host === other?.host && one.port === other.port
}

/** Of several that are equally new, the one that is named already: sentinels may spell one host in two ways. */
function newest(said: readonly NamedMaster[], named: Address | undefined): Address | undefined {
  const epoch = Math.max(...said.map((master) => master.epoch))
  const newestOnes = said.filter((master) => master.epoch === epoch)
  return newestOnes.find((master) => isSame(master, named)) ?? newestOnes[0]
}
