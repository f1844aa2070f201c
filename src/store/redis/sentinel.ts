import { Redis, type RedisOptions } from 'ioredis'
import type { Address } from '../../config/address.ts'

/** Where the master is, and the epoch of the configuration that says so: each failover has a higher one. */
export interface NamedMaster extends Address {
  readonly epoch: number
}

/** A sentinel, and what it says. */
export interface Sentinel {
  /** Whether it has answered, or could not be asked, since there is this object. */
  isSettled(): boolean
  /** Whether it answered over the connection that there is now. */
  isThere(): boolean
  /** What it said last, also where it is gone; undefined where it knows no such master. */
  said(): NamedMaster | undefined
  ask(): void
  close(): void
}

/** When the address of the master changes: on the sentinel that leads the failover, and on those that hear of it. */
const EVENTS = ['+promoted-slave', '+switch-master']

/**
 * Holds a connection to a sentinel, and asks it whenever there is a new one or the sentinel tells of a failover.
 *
 * @param options.name what it calls the master
 * @param options.connection how it is connected to, but for its address
 * @param options.heard is called after every answer, and with the reason where there was none
 */
export function createSentinel(
  address: Address,
  options: { name: string; connection: RedisOptions; heard: (trouble?: string) => void },
): Sentinel {
  const { name, connection, heard } = options
  const redis = new Redis({ ...connection, ...address, enableReadyCheck: false, autoResubscribe: false })
  let isSettled = false
  let isThere = false
  let master: NamedMaster | undefined

  const settle = (trouble?: string) => {
    isSettled = true
    heard(trouble)
  }
  const failed = (error: Error) => settle(inWords(error, address))
  const ask = async () => {
    if (redis.status !== 'ready') return
    try {
      // In this order: in the midst of a failover the old address would otherwise come with the new epoch.
      const [facts, named] = await Promise.all([
        redis.call('SENTINEL', 'MASTER', name) as Promise<string[]>,
        redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name) as Promise<[string, string]>,
      ])
      master = readMaster(named, facts[facts.indexOf('config-epoch') + 1])
      isThere = true
      settle()
    } catch (error) {
      if (!/No such master/.test(String(error))) return failed(error as Error)
      master = undefined
      isThere = true
      settle(`the sentinels know no master named ${name}`)
    }
  }
  redis.on('ready', () => {
    // Where that is forbidden, asking from time to time is enough.
    redis.subscribe(...EVENTS).catch(() => undefined)
    void ask()
  })
  redis.on('message', () => void ask())
  redis.on('error', failed)
  redis.on('close', () => {
    isThere = false
    // One that takes connections and ends them, as a proxy before it does, gives no other sign.
    settle('the connection was closed')
  })

  return {
    isSettled: () => isSettled,
    isThere: () => isThere,
    said: () => master,
    ask: () => void ask(),
    close: () => redis.disconnect(),
  }
}

/** Throws Error where it is no address, or no epoch. */
function readMaster([host, port]: readonly string[], epoch: string | undefined): NamedMaster {
  const master = { host: host ?? '', port: Number(port), epoch: Number(epoch) }
  const { port: number } = master
  if (host && Number.isInteger(number) && number > 0 && number < 65_536 && Number.isFinite(master.epoch)) return master
  throw new Error(`it names a master at ${host}:${port} with the epoch ${epoch}`)
}

/** Which sentinel, so that its password is not taken for that of the master. */
function inWords({ message }: Error, { host, port }: Address): string {
  const sentinel = `the sentinel at ${host}:${port}`
  if (/^NOAUTH/.test(message)) return `${sentinel} wants a password`
  if (/^WRONGPASS/.test(message)) return `${sentinel} refuses its password`
  return `${sentinel} does not answer: ${message}`
}
