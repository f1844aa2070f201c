import { createMetrics } from '../../src/telemetry/metrics.ts'
import { createSummedMetrics } from '../../src/telemetry/summed-metrics.ts'

/** What a process tells that answered so many requests. */
async function numbersAfter(requests: number) {
  const metrics = await createMetrics('1.0.0')
  for (let count = 0; count < requests; count++) metrics.move('once.use', 0.003, undefined)
  // As it arrives in the other process.
  return JSON.parse(JSON.stringify(await metrics.numbers()))
}

describe('the metrics of several processes', () => {
  it('are added up, what is the same in all of them stays as it is', async () => {
    const summed = await createSummedMetrics()
    const text = await summed.text([await numbersAfter(2), await numbersAfter(3)])
    expect(text).toContain('latchkey_store_duration_seconds_count{move="once.use"} 5\n')
    expect(text).toContain('latchkey_store_duration_seconds_bucket{le="0.0025",move="once.use"} 0\n')
    expect(text).toContain('latchkey_store_duration_seconds_bucket{le="0.005",move="once.use"} 5\n')
    expect(text).toMatch(/^latchkey_build_info\{version="1.0.0",node=".*"\} 1$/m)
  })

  it('outlive a process where they count something', async () => {
    const summed = await createSummedMetrics()
    const lasting = await summed.lasting([await numbersAfter(2), await numbersAfter(3)])
    const names = lasting.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['latchkey_store_duration_seconds', 'process_cpu_seconds_total']))
    expect(names).not.toContain('nodejs_heap_size_used_bytes')
    const text = await summed.text([lasting, await numbersAfter(1)])
    expect(text).toContain('latchkey_store_duration_seconds_count{move="once.use"} 6\n')
    expect(text).toContain('nodejs_heap_size_used_bytes ')
  })

  it('are none where there is no process', async () => {
    const summed = await createSummedMetrics()
    expect((await summed.text([[]])).trim()).toBe('')
  })
})
