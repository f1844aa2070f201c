import { drive, openWire } from '../driver.ts'
import type { Operation } from '../operations/operation.ts'
import type { Plan } from '../plan.ts'
import type { RunningSite } from './site.ts'
import { measureSound } from './window.ts'

/** How many operations are profiled, times those of a round. */
const LENGTH = 5

/** A CPU profile of latchkey during one operation: the inspector runs only while the operation does, not while it is prepared. */
export async function profileOperation(operation: Operation, { servers: { latchkey } }: RunningSite, plan: Plan) {
  await measureSound(operation, [latchkey], { count: plan.warmUp, lanes: plan.lanes })
  const wire = openWire([latchkey.url], plan.lanes)
  let next = 0
  const count = plan.operations * LENGTH
  const run = await operation.prepare(latchkey, {
    count,
    lanes: plan.lanes,
    exchange: (request) => wire.exchange(next++ % plan.lanes)(request),
  })
  await latchkey.process.startProfile()
  const before = await latchkey.process.usage()
  const { done, failures } = await drive(wire, run, count)
  const after = await latchkey.process.usage()
  const profile = await latchkey.process.stopProfile()
  await wire.close()
  if (failures.size > 0) throw new Error([...failures.keys()].join('; '))
  return { profile, operations: done, cpu: (after.cpu - before.cpu) / done }
}
