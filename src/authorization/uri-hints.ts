import { firstDifference, nearest } from '../lib/nearest.ts'
import type { Hint } from '../oauth/errors.ts'

/**
 * What an error page says about a URI that is not registered: what came, what is nearest to it, and where they part.
 *
 * @param name of the parameter
 */
export function uriHints(name: string, received: string, registered: readonly string[]): Hint[] {
  const hints: Hint[] = [{ label: `${name} received`, value: received }]
  const close = nearest(received, registered)
  const difference = close === undefined ? undefined : firstDifference(received, close)
  if (close !== undefined && difference !== undefined) {
    hints.push({ label: 'Nearest registered', value: close })
    hints.push({ label: 'First difference', value: describeDifference(received, close, difference) })
  }
  return hints
}

function describeDifference(received: string, registered: string, index: number): string {
  const at = (text: string) => (index < text.length ? `“${text.slice(index, index + 12)}”` : 'the end')
  return `character ${index + 1}: received ${at(received)}, registered ${at(registered)}`
}
