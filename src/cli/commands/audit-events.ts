import { eventsPage } from '../../telemetry/events-page.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'

export const auditEvents = command({
  name: 'audit-events',
  summary: 'print every audit event with its meaning and members',
  usage: 'Prints the text of docs/audit-events.md: every audit event the log may hold.',
  options: {},
  run(_values, io) {
    io.out(eventsPage())
    return EXIT.ok
  },
})
