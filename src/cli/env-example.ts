import { envExample } from '../config/env-example.ts'

process.stdout.write(envExample())
