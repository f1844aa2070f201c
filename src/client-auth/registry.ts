import { clientSecretJwt, privateKeyJwt } from './client-assertion.ts'
import type { ClientAuthMethod } from './client-auth-method.ts'
import { clientSecretBasic, clientSecretPost } from './client-secret.ts'
import { none } from './none.ts'

/** Every way for a client to prove who it is; metadata and the checks of CLIENTS are derived from here. */
export const clientAuthMethods: readonly ClientAuthMethod[] = [
  none,
  clientSecretBasic,
  clientSecretPost,
  privateKeyJwt,
  clientSecretJwt,
]
