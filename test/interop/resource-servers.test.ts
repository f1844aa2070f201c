import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import express, { type NextFunction, type Request, type Response } from 'express'
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import request from 'supertest'
import { type ListeningServer, listen } from '../helpers/listen.ts'

const API = 'https://api.example/v1'

/** What an API does with our access tokens, by the libraries that APIs use. */
describe('resource servers', () => {
  let server: ListeningServer
  let token: string
  beforeAll(async () => {
    server = await listen({ env: { DEFAULT_RESOURCE: API } })
    const wanted = server.request({ scope: 'read' })
    token = (await server.token(wanted.redeem(await server.code(wanted)))).body.access_token
  })
  afterAll(() => server.close())

  it('jose verifies them with our JWKS from the network', async () => {
    const keys = createRemoteJWKSet(new URL(`${server.issuer}/.well-known/jwks.json`), { timeoutDuration: 60_000 })
    const { payload } = await jwtVerify(token, keys, { issuer: server.issuer, audience: API, typ: 'at+jwt' })
    expect(payload).toMatchObject({ client_id: 'app', scope: 'read' })
  })

  it('express-oauth2-jwt-bearer takes them in its strict mode, and holds callers to the scope', async () => {
    const api = express()
    const bearer = auth({
      issuer: server.issuer,
      audience: API,
      jwksUri: `${server.issuer}/.well-known/jwks.json`,
      tokenSigningAlg: 'ES256',
      strict: true,
      timeoutDuration: 60_000,
    })
    api.get('/things', bearer, requiredScopes('read'), (req, res) => void res.json(req.auth?.payload))
    api.get('/change', bearer, requiredScopes('write'), (_req, res) => void res.json({}))
    api.use((error: { status?: number }, _req: Request, res: Response, _next: NextFunction) => {
      res.status(error.status ?? 500).end()
    })
    const http: Server = createServer(api).listen(0, '127.0.0.1')
    await once(http, 'listening')
    const ask = (path: string, bearerToken: string) =>
      request(http).get(path).set('Authorization', `Bearer ${bearerToken}`)

    expect((await ask('/things', token)).body.sub).toBe('user-alice')
    expect((await ask('/change', token)).status).toBe(403)
    // The whole signature: of its last characters some bits mean nothing, and a few others might be the right ones.
    const forged = token.replace(/[^.]+$/, (signature) => 'x'.repeat(signature.length))
    expect((await ask('/things', forged)).status).toBe(401)
    http.close()
    http.closeAllConnections()
  })
})
