import type { Bytes } from './measures/bytes.ts'
import type { Crowd } from './measures/crowd.ts'
import type { ForeignKeys } from './measures/foreign-keys.ts'
import type { LongRun } from './measures/long-run.ts'
import type { RoundTrips } from './measures/round-trips.ts'
import type { OperationResult } from './measures/rounds.ts'
import type { SharesByOperation } from './measures/shares.ts'
import type { SignInStorm } from './measures/sign-in-storm.ts'
import type { TwoProcesses } from './measures/two-processes.ts'
import type { OperationName } from './operations/operation.ts'
import type { Plan } from './plan.ts'

/** Where and of what the figures are. */
export interface Machine {
  date: string
  commit: string
  cpu: string
  cores: number
  /** Bytes. */
  memory: number
  system: string
  /** The load of the machine over the minute before the run. */
  load: number
  versions: { node: string; redis: string; express: string; 'oidc-provider': string }
}

/** What is measured once, beside the operations. */
export interface Extras {
  roundTrips: RoundTrips
  bytes: { latchkey: Bytes; 'oidc-provider': Bytes }
  crowd: Crowd
  foreignKeys: ForeignKeys
  twoProcesses: TwoProcesses
  signInStorm: SignInStorm
  longRun: LongRun
  shares: SharesByOperation
}

/** What the shares are compared with. */
export interface Before {
  commit: string
  date: string
  shares: SharesByOperation
}

/** Everything that a run has measured. */
export interface Results {
  machine: Machine
  plan: Plan
  operations: Partial<Record<OperationName, OperationResult>>
  /** Undefined where only some operations were asked for. */
  extras: Extras | undefined
}
