/** Replies by which Redis says that it did nothing, and that another node or another moment would do. */
const NOT_NOW = /^(?:READONLY|CLUSTERDOWN|MASTERDOWN|LOADING|TRYAGAIN) /

/** What ioredis says where it has no connection; why it has none is known elsewhere. */
const NO_CONNECTION = [
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Cluster isn't ready and enableOfflineQueue options is false",
  'Connection is closed.',
  'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.',
]

/** Whether asking again may help: Redis gave no answer, or said that it did nothing. The error of a script is an answer. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof Error && error.name === 'ReplyError') || NOT_NOW.test(error.message)
}

/** The reason of a failure, for the log: in Redis's own words where it answered. */
export function reasonOf(error: unknown, outage: string | undefined): string {
  const message = error instanceof Error ? error.message : String(error)
  return outage !== undefined && NO_CONNECTION.includes(message) ? outage : message
}

/** Redis's codes, in words for whoever has to mend it. */
const WORDS: Readonly<Record<string, string>> = {
  MISCONF: 'it refuses writes since it could not save to disk (MISCONF): look for a full or unwritable disk',
  OOM: 'its memory is full and it refuses writes (OOM): raise maxmemory',
  READONLY: 'it is a replica and refuses writes (READONLY): name the master, or use Sentinel',
  NOREPLICAS: 'it refuses writes since it has fewer replicas than min-replicas-to-write (NOREPLICAS)',
  WRONGPASS: 'it refuses the user name or the password (WRONGPASS)',
  NOAUTH: 'it wants a password (NOAUTH)',
  LOADING: 'it is still loading its records (LOADING)',
  CLUSTERDOWN: 'no node of the cluster serves some of the slots (CLUSTERDOWN)',
  MASTERDOWN: 'it is a replica without a master (MASTERDOWN)',
}

/** A reason in plain words, as a sentence that goes on from "Redis:". */
export function inWords(reason: string): string {
  const code = Object.keys(WORDS).find((known) => new RegExp(`\\b${known}\\b`).test(reason))
  return code === undefined ? reason : (WORDS[code] as string)
}
