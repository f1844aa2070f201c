/**
 * Calls it for every item, a batch at once and one batch after another, so that a long list floods nobody.
 *
 * @returns all answers, in the order of the items
 * @throws what the first call of a batch that failed threw; later batches are then not begun
 */
export async function inBatches<T, R>(
  items: readonly T[],
  size: number,
  call: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const answers: R[] = []
  for (let from = 0; from < items.length; from += size) {
    answers.push(...(await Promise.all(items.slice(from, from + size).map(call))))
  }
  return answers
}
