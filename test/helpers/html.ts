/** A form of a page: where it posts to and what it carries along. */
export interface Form {
  action: string
  hidden: Record<string, string>
}

/** What a browser posts, and where to. */
export interface Pressed {
  action: string
  fields: Record<string, string>
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

/**
 * What a browser sends when the button with that text is pressed: all that stands in its form, ticks included, and the button
 * itself. Undefined where there is no such button.
 */
export function readPressed(html: string, label: string): Pressed | undefined {
  for (const [, attributes = '', content = ''] of html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
    const buttons = [...content.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)]
    const button = buttons.find(([, , text = '']) => text.replace(/<[^>]*>/g, '') === label)?.[1]
    if (button === undefined) continue
    const inputs = [...content.matchAll(/<input([^>]*)>/g)].map(([, text = '']) => text)
    const sent = inputs.filter((tag) => attribute(tag, 'type') !== 'checkbox' || / checked\b/.test(tag))
    const named = [...sent, button].filter((tag) => attribute(tag, 'name') !== undefined)
    return {
      action: attribute(attributes, 'action') ?? '',
      fields: Object.fromEntries(named.map((tag) => [attribute(tag, 'name'), attribute(tag, 'value') ?? ''])),
    }
  }
  return undefined
}

/** What a page calls itself, without the name of the brand. */
export function titleOf({ text }: { text: string }): string {
  return /<title>(.*) – [^–]*<\/title>/.exec(text)?.[1] ?? `no page, but: ${text}`
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
