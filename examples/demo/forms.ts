/** Reads the forms of a page the way a browser submits them: the action, and every field that would be sent. */

export interface Form {
  readonly action: URL
  /** Hidden and pre-filled fields, by name. */
  readonly fields: URLSearchParams
  /** The submit buttons as `name=value`; a browser sends the one that is pressed. */
  readonly buttons: readonly string[]
}

const ATTRIBUTES = `((?:[^>"']|"[^"]*"|'[^']*')*)`
const FORM = new RegExp(`<form\\b${ATTRIBUTES}>(.*?)</form>`, 'gis')
const CONTROL = new RegExp(`<(input|button)\\b${ATTRIBUTES}>`, 'gi')

export function readForms(page: string, address: URL): Form[] {
  return [...page.matchAll(FORM)].map(([, attributes = '', inside = '']) => {
    const fields = new URLSearchParams()
    const buttons: string[] = []
    for (const [, tag = '', text = ''] of inside.matchAll(CONTROL)) {
      const control = readAttributes(text)
      const name = control.get('name')
      if (name === undefined || control.has('disabled')) continue
      const type = (control.get('type') ?? (tag.toLowerCase() === 'button' ? 'submit' : 'text')).toLowerCase()
      if (type === 'submit') buttons.push(`${name}=${control.get('value') ?? ''}`)
      else if (isSent(type, control)) fields.append(name, control.get('value') ?? (type === 'checkbox' ? 'on' : ''))
    }
    return { action: new URL(readAttributes(attributes).get('action') ?? '', address), fields, buttons }
  })
}

/** The words of the first element of this name, without markup. */
export function readText(page: string, element: string): string | undefined {
  const inside = new RegExp(`<${element}\\b${ATTRIBUTES}>(.*?)</${element}>`, 'is').exec(page)?.[2]
  return inside === undefined ? undefined : readWords(inside)
}

/** All words of a page or a part of it, without markup. */
export function readWords(page: string): string {
  return decode(page.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
}

function isSent(type: string, control: ReadonlyMap<string, string>): boolean {
  if (['button', 'reset', 'image', 'file'].includes(type)) return false
  return (type !== 'checkbox' && type !== 'radio') || control.has('checked')
}

function readAttributes(text: string): Map<string, string> {
  const found = text.matchAll(/([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g)
  return new Map([...found].map(([, name = '', a, b, c]) => [name.toLowerCase(), decode(a ?? b ?? c ?? '')]))
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal) return String.fromCodePoint(Number(decimal))
    return NAMED[name] ?? whole
  })
}
