import type { Pages } from './page-data.ts'

/** Every page in each of its forms: what views are tried with at the start. A page without samples does not compile. */
export const samplePages: { readonly [Page in keyof Pages]: ReadonlyArray<Pages[Page]> } = {
  'sign-in': [
    {
      action: '/interaction/sample',
      csrf: 'sample-token',
      client: { name: 'Sample & Sons' },
      username: '',
      offersKeeping: false,
      kept: false,
    },
    { action: '/account', csrf: 'sample-token', username: '', offersKeeping: true, kept: false },
    {
      action: '/interaction/sample',
      csrf: 'sample-token',
      client: { name: 'Sample & Sons', host: 'sample.example', verified: true },
      username: 'ada',
      offersKeeping: true,
      kept: true,
      back: { name: 'Ada Lovelace', username: 'ada', token: 'sample-account' },
      problem: { key: 'sign-in.wrong' },
    },
  ],
  consent: [
    {
      action: '/interaction/sample',
      csrf: 'sample-token',
      client: { name: 'Sample & Sons' },
      account: { name: 'ada', username: 'ada', token: 'sample-account' },
      scopes: [],
      known: [],
      resources: [],
      destination: 'com.example.sample:',
      keepsAccess: false,
      lasts: 3_600_000,
      impersonable: true,
      nothingChosen: false,
    },
    {
      action: '/interaction/sample',
      csrf: 'sample-token',
      client: {
        name: 'Sample & Sons',
        host: 'sample.example',
        verified: false,
        logo: '/assets/logos/sample',
        uri: 'https://sample.example/',
        policyUri: 'https://sample.example/privacy',
        tosUri: 'https://sample.example/terms',
      },
      account: { name: 'Ada Lovelace', username: 'ada', token: 'sample-account' },
      scopes: [
        { name: 'openid', sentence: 'Know who you are' },
        { name: 'reports.read', sentence: 'Read your reports', field: 'scope:reports.read' },
      ],
      known: [{ sentence: 'See your name and profile', field: 'scope:profile' }],
      resources: ['api.example/reports'],
      destination: 'sample.example',
      keepsAccess: true,
      lasts: 31_536_000_000,
      impersonable: false,
      nothingChosen: true,
    },
  ],
  accounts: [
    {
      action: '/interaction/sample',
      csrf: 'sample-token',
      client: { name: 'Sample & Sons', host: 'sample.example', verified: true },
      account: { name: 'Ada Lovelace', username: 'ada', token: 'sample-account' },
    },
  ],
  continue: [
    {
      action: '/interaction/sample',
      csrf: 'sample-token',
      client: { name: 'Sample & Sons' },
      account: { name: 'ada', username: 'ada', token: 'sample-account' },
    },
  ],
  account: [
    {
      action: '/account',
      csrf: 'sample-token',
      account: { name: 'Ada Lovelace', username: 'ada' },
      signOut: '/oauth/logout',
      clients: [],
      disconnected: 'Sample & Sons',
      now: 1_750_000_000_000,
    },
    {
      action: '/account',
      csrf: 'sample-token',
      account: { name: 'ada', username: 'ada' },
      signOut: '/oauth/logout',
      clients: [
        {
          clientId: 'sample',
          client: { name: 'Sample & Sons', host: 'sample.example', verified: true, logo: '/assets/logos/sample' },
          scopes: ['Read your reports'],
          resources: ['api.example/reports'],
          since: 1_740_000_000_000,
          lastUsed: 1_749_990_000_000,
        },
        { clientId: 'gone', client: undefined, scopes: [], resources: [], since: 0, lastUsed: 0 },
      ],
      now: 1_750_000_000_000,
    },
  ],
  error: [
    { title: 'This request cannot go on', message: 'There is nothing at this address.', hints: [], retry: false },
    {
      title: 'Something went wrong here',
      message: 'It is not your fault.',
      detail: 'redirect_uri is not registered for this client',
      hints: [{ label: 'redirect_uri received', value: 'https://sample.example/callback' }],
      errorId: '0123456789ab',
      retry: true,
    },
    {
      title: 'This request cannot go on',
      message: 'This sign-in took too long.',
      hints: [],
      retry: false,
      client: { name: 'Sample & Sons', uri: 'https://sample.example' },
    },
  ],
  'form-post': [
    {
      action: 'https://sample.example/callback',
      client: { name: 'Sample & Sons' },
      fields: [{ name: 'code', value: 'sample-code' }],
    },
  ],
  'sign-out': [
    { action: '/oauth/logout', csrf: 'sample-token', fields: [] },
    {
      action: '/oauth/logout',
      csrf: 'sample-token',
      fields: [{ name: 'client_id', value: 'sample' }],
      client: { name: 'Sample & Sons', host: 'sample.example' },
      account: { name: 'Ada Lovelace', username: 'ada' },
      destination: 'sample.example',
    },
  ],
  'signed-out': [
    { stayed: false },
    { stayed: true, client: { name: 'Sample & Sons', uri: 'https://sample.example/' } },
  ],
  finished: [
    { client: { name: 'Sample & Sons' } },
    { client: { name: 'Sample & Sons', uri: 'https://sample.example/' } },
  ],
}
