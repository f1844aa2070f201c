/** What stands for a text that is no label of ours. */
export const OTHER = 'other'

const SHAPE = /^[a-z][a-z0-9._-]{0,63}$/

/**
 * Keeps the values of one label few, whatever comes: a value that is none of our short stable words, or one more than there
 * should be, becomes `other`. Each value is a series that is kept for good, so none may be made up by a caller.
 *
 * @param most how many values there may be
 */
export function createBoundedLabels(most: number): (value: string) => string {
  const known = new Set<string>()
  return (value) => {
    if (known.has(value)) return value
    if (known.size >= most || !SHAPE.test(value)) return OTHER
    known.add(value)
    return value
  }
}
