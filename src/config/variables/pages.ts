import { webUri } from '../members.ts'
import { brandName, colour, supportUrl } from '../pages.ts'
import { text } from '../parsers.ts'
import { variable } from './variable.ts'

/** What the pages look like and lead to. */
export const pageVariables = {
  BRAND_NAME: variable({
    section: 'Pages',
    parse: brandName,
    fallback: 'Latchkey',
    doc: 'The name at the head of every page, of 60 characters at most.',
  }),
  BRAND_LOGO: variable({
    section: 'Pages',
    parse: text,
    fallback: undefined,
    example: '/etc/latchkey/logo.svg',
    doc: 'Path of the image beside that name: SVG, PNG, WebP, JPEG, GIF or AVIF of 64 KB at most.',
  }),
  ACCENT_COLOR: variable({
    section: 'Pages',
    parse: colour,
    fallback: undefined,
    example: '#0c5f56',
    doc: 'Colour of buttons and links, #rrggbb. Where it could not be read, in light or dark, it is mixed with black or white as far as needed.',
  }),
  SUPPORT_URL: variable({
    section: 'Pages',
    parse: supportUrl,
    fallback: undefined,
    example: 'mailto:help@example.com',
    doc: 'Where people find help, https or mailto: a link at the foot of every page.',
  }),
  PRIVACY_URL: variable({
    section: 'Pages',
    parse: webUri,
    fallback: undefined,
    example: 'https://example.com/privacy',
    doc: 'Your privacy policy: a link at the foot of every page.',
  }),
  TERMS_URL: variable({
    section: 'Pages',
    parse: webUri,
    fallback: undefined,
    example: 'https://example.com/terms',
    doc: 'Your terms of service: a link at the foot of every page.',
  }),
  VIEWS_DIR: variable({
    section: 'Pages',
    parse: text,
    fallback: undefined,
    example: '/etc/latchkey/views',
    doc: 'Folder whose files take the place of those in views/, by name: templates, locales, assets. docs/pages.md says how. Read at the start.',
  }),
}
