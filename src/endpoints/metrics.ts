import type { Request, Response } from 'express'
import type { Endpoint } from '../http/endpoint.ts'
import type { Metrics } from '../telemetry/metrics.ts'

/** What the server counts and measures, for Prometheus. Only on the operators' port: it tells how busy the server is and what fails. */
export function metrics(metrics: Metrics): Endpoint {
  const get = async (_req: Request, res: Response) => {
    const text = await metrics.text()
    // Written as it is: Express would put the type's charset in a spelling of its own.
    res.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text)
  }
  return { path: '/metrics', atOrigin: true, alwaysAnswers: true, errors: 'json', methods: { GET: get } }
}
