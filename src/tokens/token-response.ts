import type { AccessToken } from './access-token.ts'

/** A successful token response as it goes over the wire (RFC 6749 §5.1). */
export interface TokenResponse {
  access_token: string
  token_type: 'Bearer'
  expires_in: number
  refresh_token?: string
  scope: string
}

/** The wire form of what was issued. The scope is always told: half of the clients rely on it. */
export function writeTokenResponse(
  accessToken: AccessToken,
  refreshToken: string | undefined,
  scope: readonly string[],
): TokenResponse {
  return {
    access_token: accessToken.token,
    token_type: 'Bearer',
    expires_in: accessToken.expiresIn,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    scope: scope.join(' '),
  }
}
