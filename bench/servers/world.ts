/** What all servers are told alike: clients, one person, one API. */

export const CLIENT_ID = 'app'
export const BACKEND_ID = 'backend'
export const BACKEND_SECRET = 'a-secret-of-the-benchmark-of-more-than-32-characters'
export const REDIRECT_URI = 'https://app.partner.example.com/oauth/callback'
export const SCOPE = 'read'
export const RESOURCE = 'https://api.example.com'
export const SUBJECT = '7f9c24e5-2f6a-4c0e-9d55-1a3e8f4b6c21'
export const PERSON = { username: 'ada', password: 'analytical-engine' } as const

/** Seconds. */
export const CODE_TTL = 60
export const ACCESS_TOKEN_TTL = 3600
export const REFRESH_TOKEN_TTL = 30 * 86_400
export const SESSION_TTL = 8 * 3600

/** The registrations, in the words of RFC 7591. */
export const clients = [
  {
    client_id: CLIENT_ID,
    client_name: 'A public client',
    redirect_uris: [REDIRECT_URI],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  },
  {
    client_id: BACKEND_ID,
    client_name: 'A confidential client',
    redirect_uris: [REDIRECT_URI],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_basic',
    client_secret: BACKEND_SECRET,
  },
]
