import { requireParam } from '../oauth/params.ts'
import { hasAssertion } from './assertion.ts'
import { type ClientAuthMethod, invalidClient } from './client-auth-method.ts'

/** Public clients only name themselves; PKCE is what proves that they began the flow (RFC 6749 §3.2.1). */
export const none: ClientAuthMethod = {
  name: 'none',
  registrations: ['none'],
  proof: 'nothing',

  matches: ({ authorization, params }) =>
    authorization === undefined &&
    params.client_id !== undefined &&
    params.client_secret === undefined &&
    !hasAssertion(params),

  async authenticate({ params }, { clients }) {
    const clientId = requireParam(params, 'client_id')
    const client = clients.find(clientId)
    if (client === undefined) throw invalidClient('unknown-client', clientId, false)
    return client
  },
}
