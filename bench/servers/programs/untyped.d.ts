/** What the benchmark uses of oidc-provider, which brings no types. */

declare module 'oidc-provider' {
  import type { IncomingMessage, Server, ServerResponse } from 'node:http'

  interface Context {
    path: string
    req: IncomingMessage
    res: ServerResponse
  }

  interface Grant {
    addResourceScope(resource: string, scope: string): void
    save(): Promise<string>
  }

  export interface Configuration {
    adapter: new (model: string) => object
    clients: readonly object[]
    jwks: { keys: readonly object[] }
    cookies: { keys: readonly string[] }
    findAccount(ctx: Context, id: string): Promise<{ accountId: string; claims(): Promise<{ sub: string }> }>
    features: object
    interactions: { url(ctx: Context, interaction: { uid: string }): string }
    issueRefreshToken(): Promise<boolean>
    pkce: { required(): boolean }
    rotateRefreshToken: boolean
    ttl: Readonly<Record<string, number>>
  }

  export class Provider {
    constructor(issuer: string, configuration: Configuration)
    Grant: new (properties: {
      accountId: string
      clientId: string
    }) => Grant
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): void
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<{ params: { client_id: string } }>
    interactionFinished(req: IncomingMessage, res: ServerResponse, result: object): Promise<void>
    listen(port: number, host: string): Server
  }
}
