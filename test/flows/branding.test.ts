import { join } from 'node:path'
import request from 'supertest'
import { folderWith } from '../helpers/folder.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

describe('branding', () => {
  const folder = folderWith({ 'logo.svg': SVG })
  let server: TestServer
  beforeAll(async () => {
    server = await testServer({
      env: {
        ISSUER: 'http://localhost:3000/tenant',
        BRAND_NAME: 'Tea & Co',
        BRAND_LOGO: join(folder.path, 'logo.svg'),
        ACCENT_COLOR: '#FF6600',
        SUPPORT_URL: 'mailto:help@tea.example',
        PRIVACY_URL: 'https://tea.example/privacy?a=1&b=2',
        TERMS_URL: 'https://tea.example/terms',
      },
    })
  })
  afterAll(async () => {
    await server.close()
    folder.remove()
  })

  const page = () => request(server.app).get('/tenant/oauth/authorize').set('Accept-Language', 'de')

  it('puts the name, the logo and the colours on every page, and translated links at its foot', async () => {
    const { text } = await page()
    expect(text).toContain('– Tea &amp; Co</title>')
    expect(text).toMatch(/<img src="\/tenant\/assets\/logo\?v=[\w-]{12}"/)
    expect(text).toMatch(
      /latchkey\.css\?v=[\w-]{12}">\s*<link rel="stylesheet" href="\/tenant\/assets\/brand\.css\?v=[\w-]{12}"/,
    )
    const links = [...text.matchAll(/<a href="([^"]*)"[^>]*>([^<]*)</g)].map(([, href, words]) => [href, words])
    expect(links).toEqual([
      ['mailto:help@tea.example', 'Hilfe'],
      ['https://tea.example/privacy?a=1&amp;b=2', 'Datenschutz'],
      ['https://tea.example/terms', 'Nutzungsbedingungen'],
    ])
  })

  it('serves the logo so that nothing in it runs', async () => {
    const { headers } = await request(server.app).get('/tenant/assets/logo')
    expect(headers['content-type']).toBe('image/svg+xml')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['content-security-policy']).toMatch(/default-src 'none';.*sandbox/)
  })

  it('lets browsers keep an asset for a year under its version, and for an hour without it', async () => {
    const { text } = await page()
    const addresses = [...text.matchAll(/"(\/tenant\/assets\/[^"]*)"/g)].map(([, address]) => address as string)
    expect(addresses.length).toBeGreaterThan(3)
    for (const address of addresses) {
      const versioned = await request(server.app).get(address)
      expect(versioned.headers['cache-control']).toBe('public, max-age=31536000, immutable')
      const older = await request(server.app).get(address.replace(/v=.*/, 'v=AAAAAAAAAAAA'))
      expect([older.status, older.headers['cache-control']]).toEqual([200, 'public, max-age=3600'])
    }
  })

  it('asks for no colours and no logo where none are set', async () => {
    const plain = await testServer()
    const { text } = await request(plain.app).get('/oauth/authorize')
    expect(text).not.toMatch(/brand\.css|assets\/logo|<footer/)
    expect((await request(plain.app).get('/assets/logo')).status).toBe(404)
    await plain.close()
  })
})
