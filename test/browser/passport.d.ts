/** What the tests use of packages that bring no types. */

declare module 'express-session' {
  import type { RequestHandler } from 'express'

  function session(options: { secret: string; resave: boolean; saveUninitialized: boolean }): RequestHandler
  export = session
}

declare module 'passport' {
  import type { RequestHandler } from 'express'

  export class Passport {
    use(strategy: object): void
    authenticate(name: string, options: { session: boolean }): RequestHandler
  }
}

declare module 'passport-openidconnect' {
  import type { Request } from 'express'

  /** The library's OAuth 2.0 client. */
  export interface OAuth2 {
    getOAuthAccessToken(code: string, params: Record<string, string>, done: unknown): void
  }

  export class Strategy {
    constructor(
      options: Record<string, unknown>,
      verify: (
        issuer: string,
        profile: Record<string, unknown>,
        context: Record<string, unknown>,
        idToken: string,
        accessToken: string,
        refreshToken: string,
        done: (error: null, user: object) => void,
      ) => void,
    )
    protected _oauth2: OAuth2
    authenticate(req: Request, options: Record<string, unknown>): void
    protected authorizationParams(options: Record<string, unknown>): Record<string, string>
  }
}
