/** How much a run does. */
export interface Plan {
  /** Requests under way at once. */
  lanes: number
  /** Rounds of every operation. */
  rounds: number
  /** Operations in a round, for each server. */
  operations: number
  /** Operations for each server before the first round. */
  warmUp: number
  /** Keys of others in the Redis that is not empty. */
  foreignKeys: number
  /** Flows between the two looks at the memory. */
  flows: number
  /** Rounds of the comparisons within latchkey. */
  extraRounds: number
}

export const fullPlan: Plan = {
  lanes: 32,
  rounds: 9,
  operations: 800,
  warmUp: 3000,
  foreignKeys: 1_000_000,
  flows: 50_000,
  extraRounds: 7,
}

export const quickPlan: Plan = {
  lanes: 32,
  rounds: 3,
  operations: 200,
  warmUp: 400,
  foreignKeys: 50_000,
  flows: 1000,
  extraRounds: 2,
}
