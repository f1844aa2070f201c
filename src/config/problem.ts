/** Everything that is wrong with a configuration, told at once. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`the configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** What a parser throws: each line completes a sentence that begins with the variable's name. */
export class Problems extends Error {
  readonly lines: readonly string[]

  constructor(...lines: string[]) {
    super(lines.join('; '))
    this.lines = lines
  }
}

/** A received value, quoted and cut, for a message about it. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}
