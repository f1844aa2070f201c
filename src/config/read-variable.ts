import { Problems } from './problem.ts'

/** Environment variables, as process.env has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The text of a variable and where it came from. */
export interface GivenVariable {
  text: string
  source: 'environment' | 'file'
}

/**
 * The text of a variable or of the file that X_FILE names; undefined where it is not set. An empty variable is unset.
 *
 * @throws Problems where it is set twice, or the file cannot be read or is empty
 */
export function readVariable(
  env: Environment,
  name: string,
  readFile: (path: string) => string,
): GivenVariable | undefined {
  const value = env[name] === '' ? undefined : env[name]
  const path = env[`${name}_FILE`]
  if (path === undefined || path === '') return value === undefined ? undefined : { text: value, source: 'environment' }
  if (value !== undefined) throw new Problems(`is set twice, by ${name} and by ${name}_FILE; keep one of them`)
  let content: string
  try {
    content = readFile(path)
  } catch (error) {
    throw new Problems(
      `is to come from ${name}_FILE, but that file cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
    )
  }
  const text = content.trim()
  // Unlike an empty variable, an empty file is a file half written: taken for unset, it would remove every client at a SIGHUP.
  if (text === '') throw new Problems(`is to come from ${name}_FILE, but that file is empty`)
  return { text, source: 'file' }
}
