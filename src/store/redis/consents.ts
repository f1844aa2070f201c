import type { ConsentStore } from '../sessions.ts'
import { consentField, type Keys, readConsentField } from './keys.ts'
import type { Link } from './link.ts'
import { readConsent } from './records.ts'
import { register } from './script.ts'
import { forget } from './scripts/forget.ts'
import { remember } from './scripts/remember.ts'

export function createConsents(link: Link, keys: Keys): ConsentStore {
  const run = {
    remember: register(link, remember, { handsOut: ['remembered'] }),
    forget: register(link, forget),
  }

  return {
    async remember(userKey, consentFor, { scope, leftOut, resources, expiresAt }, now) {
      await run.remember(
        [keys.consents(userKey)],
        [consentField(consentFor), now, expiresAt, scope.join(' '), leftOut.join(' '), ...resources],
      )
    },

    async ofUser(userKey, now) {
      const fields = await link.ask(() => link.connection.hgetall(keys.consents(userKey)))
      return Object.entries(fields).flatMap(([field, value]) => {
        const consent = readConsent(value, now)
        return consent === undefined ? [] : [{ ...readConsentField(field), consent }]
      })
    },

    async forget(userKey, clientId) {
      await run.forget([keys.consents(userKey)], [consentField({ clientId, redirectUri: '' })])
    },
  }
}
