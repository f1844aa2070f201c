import { keyVariables } from './variables/keys.ts'
import { lifetimeVariables } from './variables/lifetimes.ts'
import { metricsVariables } from './variables/metrics.ts'
import { pageVariables } from './variables/pages.ts'
import { protectionVariables } from './variables/protection.ts'
import { registeredVariables } from './variables/registered.ts'
import { serverVariables } from './variables/server.ts'
import { storeVariables } from './variables/store.ts'

/** Every environment variable, in the order of `.env.example`. */
export const schema = {
  ...serverVariables,
  ...metricsVariables,
  ...storeVariables,
  ...keyVariables,
  ...registeredVariables,
  ...lifetimeVariables,
  ...protectionVariables,
  ...pageVariables,
}

export type VariableName = keyof typeof schema
