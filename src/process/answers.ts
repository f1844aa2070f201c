import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** The answers that a server owes. */
export interface Answers {
  /** Those that are still owed on a connection, the oldest first. */
  owedOn(connection: Duplex): ServerResponse[]
  /** From now on every answer ends its connection, so that clients send their next request elsewhere. */
  partWithClients(): void
}

/** Watches the requests of a server from here on; called before the server listens. */
export function watchAnswers(server: Server): Answers {
  const owed = new Set<ServerResponse>()
  let parting = false

  server.prependListener('request', (req, res) => {
    owed.add(res)
    onceAnswered(req, res, () => owed.delete(res))
    if (parting) endConnectionAfter(res)
  })

  return {
    owedOn: (connection) => [...owed].filter((res) => res.req.socket === connection),
    partWithClients() {
      parting = true
      for (const res of owed) endConnectionAfter(res)
    },
  }
}

/** RFC 9112 §9.6. */
function endConnectionAfter(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close')
}

/**
 * Calls back once, when the answer to a request is sent or can no longer be. Node tells nothing of an answer that waited
 * behind another one on a connection that broke off, so the connection is listened to as well.
 */
function onceAnswered(req: IncomingMessage, res: ServerResponse, done: () => void): void {
  const { socket } = req
  const finish = () => {
    res.off('close', finish)
    socket.off('close', finish)
    done()
  }
  res.once('close', finish)
  socket.once('close', finish)
}
