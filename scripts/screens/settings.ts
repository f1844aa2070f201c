/** What the pictures show: a company with an API, its user, and the apps of four partners. */
import { createHash } from 'node:crypto'

export const PERSON = { username: 'ada', password: 'analytical-engine' }

/** Any verifier will do: nobody is to be kept out here. */
const VERIFIER = createHash('sha256').update('pictures').digest('base64url')

const SCOPES = {
  'invoices.read': { en: 'See your invoices', ar: 'الاطلاع على فواتيرك', ja: '請求書を表示する' },
  'invoices.write': {
    en: 'Write and send invoices for you',
    ar: 'إنشاء الفواتير وإرسالها باسمك',
    ja: '請求書を作成して送信する',
  },
  'contacts.read': {
    en: 'See your customers and their addresses',
    ar: 'الاطلاع على عملائك وعناوينهم',
    ja: '取引先とその住所を表示する',
  },
  'payments.read': { en: 'See payments as they come in', ar: 'الاطلاع على الدفعات الواردة', ja: '入金状況を表示する' },
}

const CODE_AND_REFRESH = { grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'none' }

/** @param logos the addresses of pictures, by client id */
function clients(logos: Readonly<Record<string, string>>): object[] {
  const site = (name: string) => ({ client_uri: `https://${name}`, redirect_uris: [`https://${name}/connected`] })
  return [
    {
      ...CODE_AND_REFRESH,
      ...site('ledgerly.example'),
      client_id: 'ledgerly',
      client_name: 'Ledgerly',
      logo_uri: logos.ledgerly,
      policy_uri: 'https://ledgerly.example/privacy',
      tos_uri: 'https://ledgerly.example/terms',
      post_logout_redirect_uris: ['https://ledgerly.example/goodbye'],
      scope: 'openid profile invoices.read contacts.read',
    },
    {
      ...CODE_AND_REFRESH,
      ...site('fieldnotes.example'),
      client_id: 'fieldnotes',
      client_name: 'Fieldnotes CRM',
      logo_uri: logos.fieldnotes,
      consent: 'granular',
      scope: 'openid email contacts.read invoices.read invoices.write',
    },
    {
      ...CODE_AND_REFRESH,
      ...site('pocket-receipts.example'),
      client_id: 'pocket',
      client_name: 'Pocket Receipts',
      logo_uri: logos.pocket,
      application_type: 'native',
      scope: 'openid payments.read',
    },
    {
      ...CODE_AND_REFRESH,
      client_id: 'charts',
      client_name: 'Evening Charts',
      client_uri: 'https://evening-charts.example',
      redirect_uris: ['https://charts.hosting.example/connected'],
      scope: 'payments.read invoices.read',
    },
  ]
}

/** The environment of the server. */
export function environment(issuer: string, logos: Readonly<Record<string, string>>): Record<string, string> {
  return {
    NODE_ENV: 'test',
    ISSUER: issuer,
    LOG_LEVEL: 'fatal',
    BRAND_NAME: 'Meridian',
    SUPPORT_URL: 'https://meridian.example/help',
    PRIVACY_URL: 'https://meridian.example/privacy',
    TERMS_URL: 'https://meridian.example/terms',
    SCOPES: JSON.stringify(SCOPES),
    CLIENTS: JSON.stringify(clients(logos)),
    USERS: JSON.stringify([{ sub: 'user-ada', name: 'Ada Lovelace', ...PERSON }]),
  }
}

/** Where a browser begins, with everything a client sends. */
export function authorizeAddress(issuer: string, clientId: string, more: Record<string, string> = {}): string {
  const challenge = createHash('sha256').update(VERIFIER).digest('base64url')
  const query = { response_type: 'code', client_id: clientId, code_challenge: challenge, code_challenge_method: 'S256' }
  return `${issuer}/oauth/authorize?${new URLSearchParams({ ...query, state: 'picture', ...more })}`
}

/** What a client posts to the token endpoint for the code that came to this address. */
export function redemption(clientId: string, callback: string): URLSearchParams {
  const { origin, pathname, searchParams } = new URL(callback)
  return new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: origin + pathname,
    code: searchParams.get('code') ?? '',
    code_verifier: VERIFIER,
  })
}
