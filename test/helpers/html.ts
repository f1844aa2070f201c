/** A form of a page: where it posts to and what it carries along. */
export interface Form {
  action: string
  hidden: Record<string, string>
}

/** The first form of the page that has all of the named fields or buttons. */
export function readForm(html: string, names: readonly string[]): Form | undefined {
  for (const [, attributes = '', content = ''] of html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
    const fields = [...content.matchAll(/<(?:input|button)([^>]*)>/g)].map(([, text = '']) => text)
    const named = fields.map((field) => attribute(field, 'name'))
    if (!names.every((name) => named.includes(name))) continue
    const hidden = fields.filter((field) => attribute(field, 'type') === 'hidden')
    return {
      action: attribute(attributes, 'action') ?? '',
      hidden: Object.fromEntries(hidden.map((field) => [attribute(field, 'name'), attribute(field, 'value') ?? ''])),
    }
  }
  return undefined
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
