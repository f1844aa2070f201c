import type { Mac } from '../lib/mac.ts'
import type { Client } from '../oauth/client.ts'

/** How clients know users: by one `sub` for all, or by another in every sector (OpenID Connect Core §8). */
export interface Subjects {
  /** The `sub` of the user for this client. */
  subjectFor(client: Client, subject: string): string
  /** The `sid` of the session for this client: one `sid` for all would tell pairwise clients whom they share. */
  sidFor(client: Client, sessionId: string): string
}

/** @param mac under a secret that never changes, since a pairwise subject must stay the same for good */
export function createSubjects(mac: Mac): Subjects {
  return {
    subjectFor(client, subject) {
      return client.subject_type === 'pairwise' ? mac.sign(JSON.stringify([sectorOf(client), subject])) : subject
    },
    sidFor(client, sessionId) {
      const text = JSON.stringify(['sid', sectorOf(client), sessionId])
      return client.subject_type === 'pairwise' ? mac.sign(text) : sessionId
    },
  }
}

/** The host that stands for all clients of one owner (Core §8.1). */
function sectorOf(client: Client): string {
  const uri = client.sector_identifier_uri ?? client.redirect_uris[0]
  return uri === undefined ? client.client_id : new URL(uri).host
}
