/** A template tag that escapes whatever is put into it, so that no page has to remember to. */

export interface Html {
  readonly html: string
}

export function html(parts: TemplateStringsArray, ...values: ReadonlyArray<string | number | Html>): Html {
  const filled = values.map((value) => (typeof value === 'object' ? value.html : escapeText(String(value))))
  return { html: parts.reduce((text, part, index) => text + (filled[index - 1] ?? '') + part) }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
