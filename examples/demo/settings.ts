/** What the demo's Latchkey is told: one partner, one person, two scopes, one API. Everything else is its default. */

export const CLIENT_ID = 'partner-app'
export const CLIENT_SCOPE = 'reports.read profile.read'

export const PERSON = { username: 'ada', password: 'analytical-engine' } as const

export const SCOPES: Readonly<Record<string, string>> = {
  'reports.read': 'Read your reports',
  'profile.read': 'See your name and email address',
}

export interface DemoSettings {
  readonly issuer: string
  readonly redirectUri: string
  readonly partnerUrl: string
  readonly apiUrl: string
  readonly redisUrl: string | undefined
}

/** The environment of the server process, complete: nothing of the surrounding shell's reaches it by accident. */
export function createEnvironment(settings: DemoSettings): Record<string, string> {
  const client = {
    client_id: CLIENT_ID,
    client_name: 'Reports at a glance',
    client_uri: settings.partnerUrl,
    redirect_uris: [settings.redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: CLIENT_SCOPE,
    token_endpoint_auth_method: 'none',
  }
  const user = { sub: 'user-ada', ...PERSON, name: 'Ada Lovelace', email: 'ada@example.com' }
  const environment: Record<string, string> = {
    PORT: new URL(settings.issuer).port,
    HOST: '127.0.0.1',
    ISSUER: settings.issuer,
    CLIENTS: JSON.stringify([client]),
    USERS: JSON.stringify([user]),
    SCOPES: JSON.stringify(SCOPES),
    DEFAULT_RESOURCE: settings.apiUrl,
    LOG_LEVEL: 'warn',
  }
  if (settings.redisUrl !== undefined) {
    environment.REDIS_URL = settings.redisUrl
    environment.REDIS_KEY_PREFIX = 'latchkey-demo:'
  }
  return environment
}
