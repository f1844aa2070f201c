import { parseArgs } from 'node:util'
import { type OperationName, operationNames } from './operations/operation.ts'

/** What a run was asked to do. */
export interface Options {
  /** Few operations and rounds: shows that everything works, and says little about speed. */
  quick: boolean
  /** Whether a goal that is missed makes the run fail. */
  guard: boolean
  /** The operations to measure; where some were named, nothing else is measured. */
  only: readonly OperationName[] | undefined
  /** The operation to profile instead of measuring anything. */
  profile: OperationName | undefined
}

/**
 * Reads the command line.
 *
 * @throws Error naming the option at fault
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      guard: { type: 'boolean', default: false },
      only: { type: 'string' },
      profile: { type: 'string' },
    },
  })
  return {
    quick: values.quick,
    guard: values.guard,
    only: values.only?.split(',').map((name) => readOperation('--only', name)),
    profile: values.profile === undefined ? undefined : readOperation('--profile', values.profile),
  }
}

function readOperation(option: string, name: string): OperationName {
  const known = operationNames.find((operation) => operation === name)
  if (known === undefined) throw new Error(`${option} knows ${operationNames.join(', ')}, not ${name}`)
  return known
}
