import { serve } from './serve.ts'

// The entry point of the image: what `latchkey serve` does, without the command line before it.
const code = await serve(process.env)
if (code !== 0) process.exitCode = code
