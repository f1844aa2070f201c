import { shownClient, siteLink } from '../../src/http/shown-client.ts'
import { createLanguage } from '../../src/locale/language.ts'
import type { Client } from '../../src/oauth/client.ts'

const english = createLanguage({ tag: 'en', dir: 'ltr', name: 'English', sentences: {} })
const client = {
  client_id: 'app',
  client_name: 'App',
  client_uri: 'https://app.example/about',
  client_names: { ja: 'アプリ' },
  redirect_uris: ['com.example.app:/callback'],
} as Partial<Client> as Client
const redirectUri = 'https://login.app.example/callback'
const pictures = (digest: string | undefined, issuer = 'https://auth.example') => ({
  logos: { logoOf: () => digest, find: () => undefined, load: async () => {} },
  issuer,
})

describe('a client on a page', () => {
  it('has its name, and its site where one is known', () => {
    expect(shownClient({ client, redirectUri }, english)).toEqual({ name: 'App', host: 'app.example', verified: true })
    expect(shownClient({ client }, english)).toEqual({ name: 'App', host: 'app.example', verified: false })
    const { client_uri: _, ...nameless } = client
    expect(shownClient({ client: nameless, redirectUri: 'com.example.app:/callback' }, english)).toEqual({
      name: 'App',
    })
  })

  it('has a name of its own in some languages (RFC 7591 §2.2)', () => {
    const japanese = createLanguage({ tag: 'ja', dir: 'ltr', name: '日本語', sentences: {} })
    expect(shownClient({ client }, japanese).name).toBe('アプリ')
    expect(siteLink(client, japanese)).toEqual({ name: 'アプリ', uri: 'https://app.example/about' })
  })

  it('has the path of its logo, below that of the issuer, where one is held', () => {
    expect(shownClient({ client }, english, pictures('digest')).logo).toBe('/assets/logos/digest?client_id=app')
    const below = pictures('digest', 'https://auth.example/tenant/')
    expect(shownClient({ client }, english, below).logo).toBe('/tenant/assets/logos/digest?client_id=app')
    expect(shownClient({ client }, english, pictures(undefined))).not.toHaveProperty('logo')
  })
})
