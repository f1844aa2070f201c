/**
 * HTML that is made already, which is put into pages as it is. Only the view helpers and Language make it: everything else that
 * comes into a page is text, and escaped.
 */
export class Markup {
  readonly html: string

  constructor(html: string) {
    this.html = html
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A value as HTML, for an element or for an attribute in quotes: markup as it is, all else as text. */
export function escaped(value: unknown): string {
  if (value instanceof Markup) return value.html
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] as string)
}

/** Markup from a template literal whose values are escaped. */
export function markup(parts: TemplateStringsArray, ...values: unknown[]): Markup {
  return new Markup(parts.map((part, index) => part + (index < values.length ? escaped(values[index]) : '')).join(''))
}
