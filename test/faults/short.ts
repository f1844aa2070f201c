/** What is enough to see that nothing is broken, in about 20 seconds. */
export const SHORT = { people: 4, flows: 20 }

/** Whether the short form has the fault in it. */
export function inShort(fault: string): boolean {
  return /^Redis/.test(fault)
}
