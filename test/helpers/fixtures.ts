/** Client metadata, users and scopes that tests start from. */

export const publicClient = {
  client_id: 'app',
  client_name: 'Example App',
  client_uri: 'https://app.example',
  redirect_uris: ['https://app.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'read write',
  token_endpoint_auth_method: 'none',
}

export const CLIENT_SECRET = 'a-client-secret-of-more-than-32-characters'

export const confidentialClient = {
  ...publicClient,
  client_id: 'backend',
  client_name: 'Example Backend',
  redirect_uris: ['https://backend.example/callback'],
  token_endpoint_auth_method: 'client_secret_basic',
  client_secret: CLIENT_SECRET,
}

/** A client that redeems once and cannot refresh. */
export const briefClient = {
  ...publicClient,
  client_id: 'brief',
  redirect_uris: ['https://brief.example/callback'],
  grant_types: ['authorization_code'],
}

/** An installed app on loopback: anyone could pose as it. */
export const nativeClient = {
  ...publicClient,
  client_id: 'native',
  client_name: 'Native App',
  redirect_uris: ['http://127.0.0.1/callback', 'com.example.native:/callback'],
}

export const alice = { sub: 'user-alice', username: 'alice', name: 'Alice Liddell', password: 'down the rabbit hole' }
export const bob = { sub: 'user-bob', username: 'bob', name: 'Bob', password: 'another password' }

export const scopes = { read: 'See your things', write: 'Change your things' }

export const SECRET = 'a-secret-for-tests-of-more-than-32-characters'
