/**
 * The whole flow, played over plain HTTP and told as it goes: discovery, the person's way through the pages, tokens,
 * the API, a refresh, and then a thief with a stolen code. It stops at the first step that is not as it must be.
 */
import { calculatePKCECodeChallenge, randomPKCECodeVerifier, randomState } from 'openid-client'
import type { BackChannel } from './back-channel.ts'
import { type Answer, createBrowser, request } from './browser.ts'
import { describe, goTo, type Journey } from './person.ts'
import { CLIENT_ID, CLIENT_SCOPE } from './settings.ts'
import { StepFailed, type Story, shortenLongWords } from './story.ts'

export interface World {
  readonly issuer: string
  readonly partnerUrl: string
  readonly redirectUri: string
  readonly reportsUrl: string
  /** What the partner app's library said to the server, out of the browser's sight. */
  readonly backChannel: BackChannel
  /** Bounds the whole walk. */
  readonly signal: AbortSignal
}

type Json = Readonly<Record<string, unknown>>

export async function walk(world: World, story: Story): Promise<void> {
  const journey: Journey = { browser: createBrowser(world.signal), story, callback: new URL(world.redirectUri) }

  story.chapter('Before anything: one address is enough')
  const metadata = await readMetadata(world, story)
  await callApiWithoutToken(world, story)

  story.chapter('A person connects the partner app')
  await connect(world, journey, metadata)
  await useTokens(world, journey)

  story.chapter('And what an attacker gets')
  await attack(world, journey, metadata)
}

async function readMetadata(world: World, story: Story): Promise<Json> {
  story.step('The partner app reads where everything is (RFC 8414)')
  const answer = await request(new URL('/.well-known/oauth-authorization-server', world.issuer), world.signal)
  story.exchange(answer)
  const metadata = readJson(answer, 200)
  for (const name of ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri']) {
    if (typeof metadata[name] !== 'string') throw new StepFailed(`the metadata to name "${name}"`, answer.text)
  }
  const shown = ['issuer', 'authorization_endpoint', 'token_endpoint', 'code_challenge_methods_supported']
  story.details(shown.map((name) => [name, String(metadata[name])]))
  requireEqual('issuer', metadata.issuer, world.issuer)
  return metadata
}

async function callApiWithoutToken(world: World, story: Story): Promise<void> {
  story.step('The API, asked without a token')
  const answer = await request(new URL(world.reportsUrl), world.signal)
  story.exchange(answer)
  story.note(`WWW-Authenticate: ${answer.headers.get('www-authenticate')}`)
  if (answer.status !== 401) throw new StepFailed('401', describe(answer))
}

async function connect(world: World, journey: Journey, metadata: Json): Promise<void> {
  const { browser, story } = journey
  let sent = new URLSearchParams()
  const back = await goTo(journey, {
    title: 'The person clicks "Connect" in the partner app',
    url: new URL('/connect', world.partnerUrl),
    onFirst(answer) {
      const target = answer.location
      if (target === undefined) throw new StepFailed('a redirect to the authorization endpoint', describe(answer))
      requireEqual('the redirect', target.origin + target.pathname, metadata.authorization_endpoint)
      sent = target.searchParams
      if (!/^[\w-]{43}$/.test(sent.get('code_challenge') ?? '')) {
        throw new StepFailed('a code_challenge of 43 characters', target.href)
      }
      story.note('the app made a verifier and a state, and keeps both; only a hash of the verifier travels')
    },
  })
  requireEqual('state', back.searchParams.get('state'), sent.get('state'))
  requireEqual('iss', back.searchParams.get('iss'), world.issuer)

  story.step('The browser brings the code to the partner app, which redeems it with its verifier, server to server')
  const answer = await browser.send({ url: back })
  story.exchange(answer)
  tellBackChannel(world, story)
  if (answer.status !== 303 || answer.location?.pathname !== '/') throw new StepFailed('303 -> /', describe(answer))
}

async function useTokens(world: World, journey: Journey): Promise<void> {
  const { browser, story } = journey
  story.step('What the token endpoint gave the partner app')
  const first = await readTokens(world, journey)
  requireEqual('token_type', String(first.token_type).toLowerCase(), 'bearer')
  requireEqual('scope', first.scope, CLIENT_SCOPE)

  story.step('The partner app calls the API with the access token')
  await callApi(world, journey)

  story.step('The partner app refreshes')
  const answer = await browser.send({ url: new URL('/refresh', world.partnerUrl), form: new URLSearchParams() })
  story.exchange(answer)
  tellBackChannel(world, story)
  if (answer.status !== 303) throw new StepFailed('303', describe(answer))
  const second = await readTokens(world, journey)
  for (const name of ['access_token', 'refresh_token']) {
    if (second[name] === first[name]) throw new StepFailed(`a new ${name}`, 'the same one')
  }
  story.note('both tokens are new, and the old refresh token is spent')

  story.step('The partner app calls the API with the new access token')
  await callApi(world, journey)
}

function tellBackChannel({ backChannel }: World, story: Story): void {
  for (const { form, ...exchange } of backChannel.take()) {
    story.note('before it answered, server to server:')
    story.exchange(exchange, form)
  }
}

async function readTokens(world: World, { browser, story }: Journey): Promise<Json> {
  const answer = await browser.send({ url: new URL('/', world.partnerUrl), accept: 'application/json' })
  story.exchange(answer)
  const tokens = readJson(answer, 200).token_response
  if (!isJson(tokens)) throw new StepFailed('a connected partner app', answer.text)
  story.details(Object.entries(tokens).map(([name, value]) => [name, String(value)]))
  for (const name of ['access_token', 'refresh_token']) {
    if (typeof tokens[name] !== 'string') throw new StepFailed(`the token response to have "${name}"`, answer.text)
  }
  return tokens
}

async function callApi(world: World, { browser, story }: Journey): Promise<void> {
  const answer = await browser.send({ url: new URL('/call-api', world.partnerUrl), accept: 'application/json' })
  story.exchange(answer)
  const { status, body } = readJson(answer, 200)
  story.note(`${world.reportsUrl} answered ${status} ${JSON.stringify(body)}`)
  requireEqual('the status of the API', status, 200)
}

/** The thief sees both addresses, so the code and the challenge are his. The verifier was in neither. */
async function attack(world: World, journey: Journey, metadata: Json): Promise<void> {
  const { story } = journey
  const verifier = randomPKCECodeVerifier()
  const challenge = await calculatePKCECodeChallenge(verifier)
  const url = new URL(String(metadata.authorization_endpoint))
  url.search = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: world.redirectUri,
    scope: CLIENT_SCOPE,
    state: randomState(),
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }).toString()
  const back = await goTo(journey, { title: 'The person connects once more, and a thief reads the addresses', url })
  story.note('the address it leads to carries:')
  story.details(back.searchParams)
  const code = back.searchParams.get('code')
  if (code === null) throw new StepFailed('a code', back.href)

  const redeem = (codeVerifier: string) => {
    const form = { grant_type: 'authorization_code', client_id: CLIENT_ID, redirect_uri: world.redirectUri, code }
    return redeemAndFail(world, story, metadata, new URLSearchParams({ ...form, code_verifier: codeVerifier }))
  }
  story.step('The thief redeems the stolen code; for a verifier he has nothing better than the challenge')
  await redeem(challenge)
  story.step('Now even the right verifier comes too late: the attempt has ended the flow')
  await redeem(verifier)
}

async function redeemAndFail(world: World, story: Story, metadata: Json, form: URLSearchParams): Promise<void> {
  const answer = await request(new URL(String(metadata.token_endpoint)), world.signal, { method: 'POST', body: form })
  story.exchange(answer, form)
  story.note(shortenLongWords(answer.text))
  requireEqual('the error', readJson(answer, 400).error, 'invalid_grant')
}

function readJson(answer: Answer, status: number): Json {
  if (answer.status !== status) throw new StepFailed(`status ${status}`, describe(answer))
  try {
    const value: unknown = JSON.parse(answer.text)
    if (isJson(value)) return value
  } catch {
    // Said below, with what came instead.
  }
  throw new StepFailed('a JSON object', describe(answer))
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function requireEqual(what: string, value: unknown, expected: unknown): void {
  if (value !== expected) throw new StepFailed(`${what} to be ${String(expected)}`, String(value))
}
