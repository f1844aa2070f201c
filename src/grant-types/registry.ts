import { authorizationCode } from './authorization-code.ts'
import { clientCredentials } from './client-credentials.ts'
import type { GrantType } from './grant-type.ts'
import { refreshToken } from './refresh-token.ts'

/** Every grant type of the token endpoint; metadata and the checks of CLIENTS are derived from here. */
export const grantTypes: readonly GrantType[] = [authorizationCode, refreshToken, clientCredentials]
