import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Express } from 'express'
import type { Page } from 'playwright-core'
import { makeCertificate } from '../helpers/certificate.ts'
import { closePort, openPort } from '../helpers/listen.ts'
import type { Site } from './sites.ts'
import { allow, arrive, CONSENT, SIGN_IN, signIn } from './steps.ts'

/** A partner's web service on Express that a library signs people in to, on localhost: another site than 127.0.0.1. */
export interface Service extends Site {
  /** Begins to serve: before, the service and the server must learn each other's addresses. */
  serve(app: Express): void
}

export async function openService(scheme: 'http' | 'https' = 'http'): Promise<Service> {
  const http = scheme === 'https' ? createTlsServer(makeCertificate('localhost')) : createServer()
  const port = await openPort(http)
  return {
    origin: `${scheme}://localhost:${port}`,
    serve: (app) => void http.on('request', app),
    close: () => closePort(http),
  }
}

/** Goes where the sign-in to a service begins and comes back from it, to the page with this heading. */
export async function signInToService(page: Page, address: string, heading: string): Promise<void> {
  await page.goto(address)
  await arrive(page, SIGN_IN)
  await signIn(page)
  await arrive(page, CONSENT)
  await allow(page)
  await arrive(page, heading)
}
