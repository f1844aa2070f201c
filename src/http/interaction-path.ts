import { basePathOf } from './issuer-url.ts'

/** Where an interaction lives below the issuer, in Express's spelling. */
export const INTERACTION_PATH = '/interaction/:id'

/** The address of one interaction, without the origin: the browser stays where it is. */
export function interactionPath(issuer: string, id: string): string {
  return `${basePathOf(issuer)}${INTERACTION_PATH.replace(':id', id)}`
}
