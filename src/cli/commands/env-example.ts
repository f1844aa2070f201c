import { envExample as text } from '../../config/env-example.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'

export const envExample = command({
  name: 'env-example',
  summary: 'print every environment variable with its meaning and default',
  usage: 'Prints the text of .env.example: every variable the server reads.',
  options: {},
  run(_values, io) {
    io.out(text())
    return EXIT.ok
  },
})
