import { Agent, type IncomingMessage, request } from 'node:http'

const BODY = 'grant_type=authorization_code&client_id=app'

/**
 * Sends a post without the end of its body, over a connection that would stay open; resolves once the server has it, with
 * the way to finish it.
 */
export function beginPost(url: string): Promise<() => Promise<IncomingMessage>> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': BODY.length }
    const agent = new Agent({ keepAlive: true })
    const req = request(url, { method: 'POST', headers: { ...headers, expect: '100-continue' }, agent })
    const answer = new Promise<IncomingMessage>((done) => {
      req.once('response', (res) => {
        res.resume().once('end', () => agent.destroy())
        done(res)
      })
    })
    // Once the server has it, a connection that breaks off is for the test to judge.
    let begun = false
    req.on('error', (error) => begun || reject(error))
    req.once('continue', () => {
      begun = true
      req.write(BODY.slice(0, 10))
      resolve(() => {
        req.end(BODY.slice(10))
        return answer
      })
    })
    req.flushHeaders()
  })
}
