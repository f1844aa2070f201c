import { basePathOf } from './issuer-url.ts'

/** Where an interaction lives below the issuer, in Express's spelling. */
export const INTERACTION_PATH = '/interaction/:id'

/**
 * The address of one interaction, without the origin: the browser stays where it is. The client stands in it although the
 * interaction knows its own, so that a page that comes too late can still say where to start again.
 */
export function interactionPath(issuer: string, id: string, clientId: string): string {
  const path = `${basePathOf(issuer)}${INTERACTION_PATH.replace(':id', id)}`
  return `${path}?client_id=${encodeURIComponent(clientId)}`
}
