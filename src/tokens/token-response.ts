import type { AccessToken } from './access-token.ts'

/** A successful token response as it goes over the wire (RFC 6749 §5.1). */
export interface TokenResponse {
  access_token: string
  token_type: 'Bearer' | 'DPoP'
  expires_in: number
  refresh_token?: string
  id_token?: string
  scope: string
}

/** The wire form of what was issued. The scope is always told: half of the clients rely on it. */
export function writeTokenResponse(issued: {
  accessToken: AccessToken
  refreshToken: string | undefined
  idToken: string | undefined
  scope: readonly string[]
}): TokenResponse {
  const { accessToken, refreshToken, idToken, scope } = issued
  return {
    access_token: accessToken.token,
    token_type: accessToken.tokenType,
    expires_in: accessToken.expiresIn,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(idToken === undefined ? {} : { id_token: idToken }),
    scope: scope.join(' '),
  }
}
