/** The operations on Express with nothing around them. */
import express from 'express'
import { createFloorWork } from './floor-work.ts'

const { work, cookie } = await createFloorWork(process.env)

const app = express()
app.disable('x-powered-by')
app.disable('etag')

app.post('/oauth/token', express.urlencoded({ extended: false }), async (req, res) => {
  const answer = await work.token(req.body)
  res.set('Cache-Control', 'no-store')
  if (answer === undefined) res.status(400).json({ error: 'invalid_grant' })
  else res.json(answer)
})

app.get('/oauth/authorize', async (req, res) => {
  const location = await work.authorize(req.query as Record<string, string>, req.headers.cookie)
  if (location === undefined) res.status(403).end()
  else res.status(302).set({ 'Cache-Control': 'no-store', Location: location }).end()
})

app.get('/.well-known/oauth-authorization-server', (_req, res) => void res.json(work.metadata))
app.get('/.well-known/jwks.json', (_req, res) => void res.json(work.jwks))
app.get('/cookie', (_req, res) => void res.send(cookie))

app.listen(Number(process.env.PORT), '127.0.0.1')
