import { command } from '../command.ts'

export const serve = command({
  name: 'serve',
  summary: 'run the server',
  usage: `Runs the server until SIGTERM or SIGINT, which let requests under way finish. SIGHUP reads
clients, users, scopes and signing keys again. The configuration comes from environment
variables alone; latchkey check shows it, latchkey env-example explains it.

Exit code 78 means that the configuration has problems; all of them are printed.`,
  options: {},
  async run(_values, io) {
    // Loaded here, so that the other commands do not wait for the whole server to be read.
    const server = await import('../../serve.ts')
    return server.serve(io.env)
  },
})
