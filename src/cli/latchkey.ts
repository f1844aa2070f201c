#!/usr/bin/env node
import { processIo } from './io.ts'
import { runCli } from './run.ts'

// Not process.exit: what is still on its way into a pipe would be lost, and a server that was started goes on.
process.exitCode = await runCli(process.argv.slice(2), processIo())
