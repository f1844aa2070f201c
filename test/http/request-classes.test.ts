import { createServer } from 'node:http'
import express from 'express'
import request from 'supertest'
import { requestClassesOf } from '../../src/http/request-classes.ts'

describe('requests and answers of a server for an Express application', () => {
  it('have the prototypes of the application before it sees them, and keep them', async () => {
    const app = express()
    app.set('trust proxy', true)
    app.use(
      (req, res) => void res.status(203).json({ ip: req.ip, path: req.path, app: req.app === app && res.app === app }),
    )
    const prototypes: unknown[] = []
    const server = createServer(requestClassesOf(app), app)
    const note = (...both: object[]) => prototypes.push(...both.map((one) => Object.getPrototypeOf(one)))
    server.prependListener('request', note)
    server.on('request', note)

    const { status, body } = await request(server).get('/there?x=1').set('X-Forwarded-For', '203.0.113.7')
    expect({ status, body }).toEqual({ status: 203, body: { ip: '203.0.113.7', path: '/there', app: true } })
    expect(prototypes).toEqual([app.request, app.response, app.request, app.response])
  })
})
