import type { Command } from './command.ts'
import { auditEvents } from './commands/audit-events.ts'
import { authorizationsList } from './commands/authorizations-list.ts'
import { authorizationsRevoke } from './commands/authorizations-revoke.ts'
import { check } from './commands/check.ts'
import { clientHashSecret } from './commands/client-hash-secret.ts'
import { clientNew } from './commands/client-new.ts'
import { doctor } from './commands/doctor.ts'
import { envExample } from './commands/env-example.ts'
import { explain } from './commands/explain.ts'
import { keysGenerate } from './commands/keys-generate.ts'
import { keysList } from './commands/keys-list.ts'
import { keysRotate } from './commands/keys-rotate.ts'
import { serve } from './commands/serve.ts'
import { userHashPassword } from './commands/user-hash-password.ts'

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  serve,
  check,
  doctor,
  explain,
  authorizationsList,
  authorizationsRevoke,
  keysGenerate,
  keysRotate,
  keysList,
  clientNew,
  clientHashSecret,
  userHashPassword,
  envExample,
  auditEvents,
]
