import type { Opening, OpenResult, PushedRequest } from '../../../src/store/store.ts'
import { pkcePair } from '../../helpers/pkce.ts'
import {
  inParallel,
  MINUTE,
  NOW,
  newCode,
  newId,
  newInteraction,
  type OpenStore,
  redemptionOf,
  SECOND,
} from './records.ts'

const hash = () => pkcePair().challenge

export function pushedRequestContract(open: OpenStore): void {
  const push = async () => {
    const { id, request } = newInteraction()
    const pushed: PushedRequest = { id, request, createdAt: NOW, expiresAt: NOW + MINUTE }
    await open().pushedRequests.create(pushed)
    return pushed
  }

  /** The opening by the browser and the client that may. */
  const openingOf = ({ id, request }: PushedRequest, overrides: Partial<Opening> = {}): Opening => ({
    id,
    clientId: request.clientId,
    browserHash: 'the first browser',
    now: NOW + SECOND,
    opensUntil: NOW + 30 * MINUTE,
    ...overrides,
  })

  describe('opening a pushed request', () => {
    it('makes it an interaction of the same id, bound to that browser, from then on', async () => {
      const { pushedRequests, interactions } = open()
      const pushed = await push()
      expect(await interactions.find(pushed.id, NOW)).toBeUndefined()
      const browserHash = hash()
      const result = await pushedRequests.open(openingOf(pushed, { browserHash }))
      const { id, request } = pushed
      const interaction = { id, request, browserHash, createdAt: NOW + SECOND, expiresAt: NOW + 30 * MINUTE }
      expect(result).toEqual({ status: 'opened', interaction, first: true })
      expect(await interactions.find(id, NOW + SECOND)).toEqual(interaction)
    })

    it('shows the interaction to the same browser again for as long as it waits, and does not lengthen it', async () => {
      const { pushedRequests } = open()
      const pushed = await push()
      const first = await pushedRequests.open(openingOf(pushed))
      const now = NOW + 30 * MINUTE - 1
      const again = await pushedRequests.open(openingOf(pushed, { now, opensUntil: now + 30 * MINUTE }))
      expect(again).toEqual({ ...first, first: false })
      expect(await pushedRequests.open(openingOf(pushed, { now: now + 1 }))).toEqual({ status: 'unknown' })
    })

    it('is possible until its last moment', async () => {
      const { pushedRequests } = open()
      const [inTime, late] = [await push(), await push()]
      expect(await pushedRequests.open(openingOf(inTime, { now: NOW + MINUTE - 1 }))).toMatchObject({ first: true })
      expect(await pushedRequests.open(openingOf(late, { now: NOW + MINUTE }))).toEqual({ status: 'unknown' })
    })

    it('is refused to another client, before and after, and the refusal changes nothing', async () => {
      const { pushedRequests } = open()
      const pushed = await push()
      const foreign = openingOf(pushed, { clientId: 'other' })
      expect(await pushedRequests.open(foreign)).toEqual({ status: 'wrong-client' })
      expect(await pushedRequests.open(openingOf(pushed))).toMatchObject({ first: true })
      expect(await pushedRequests.open(foreign)).toEqual({ status: 'wrong-client' })
      expect(await pushedRequests.open(openingOf(pushed))).toMatchObject({ status: 'opened', first: false })
    })

    it('is refused to every browser but the first', async () => {
      const { pushedRequests } = open()
      const pushed = await push()
      await pushedRequests.open(openingOf(pushed))
      const other = await pushedRequests.open(openingOf(pushed, { browserHash: hash() }))
      expect(other).toEqual({ status: 'foreign-browser' })
      expect(await pushedRequests.open(openingOf(pushed))).toMatchObject({ status: 'opened' })
    })

    it('needs a pushed request: neither an unknown id nor an interaction that began as one will do', async () => {
      const { pushedRequests, interactions } = open()
      const pushed = await push()
      expect(await pushedRequests.open(openingOf(pushed, { id: newId() }))).toEqual({ status: 'unknown' })
      const interaction = newInteraction()
      await interactions.create(interaction)
      const { id, browserHash } = interaction
      expect(await pushedRequests.open(openingOf(pushed, { id, browserHash }))).toEqual({ status: 'unknown' })
    })

    it('tells the outcome once the interaction has one, which is never answered twice', async () => {
      const { pushedRequests, interactions, authorizations } = open()
      const pushed = await push()
      await pushedRequests.open(openingOf(pushed))
      const code = newCode({ id: pushed.id })
      expect(await interactions.finish(pushed.id, code, NOW + SECOND)).toMatchObject({ first: true })
      expect(await pushedRequests.open(openingOf(pushed))).toMatchObject({ interaction: { outcome: 'issued' } })
      expect(await interactions.finish(pushed.id, code, NOW + SECOND)).toMatchObject({ first: false })
      await authorizations.redeem(redemptionOf(code))
      expect(await interactions.finish(pushed.id, code, NOW + SECOND)).toEqual({ status: 'spent' })
    })
  })

  describe('opening one pushed request many times at once', () => {
    const opened = (results: OpenResult[]) => results.filter(({ status }) => status === 'opened')

    it('is one interaction in one browser', async () => {
      const { pushedRequests } = open()
      const pushed = await push()
      const results = await inParallel(50, () => pushedRequests.open(openingOf(pushed)))
      expect(opened(results)).toHaveLength(50)
      expect(results.filter((result) => result.status === 'opened' && result.first)).toHaveLength(1)
    })

    it('is for one of many browsers', async () => {
      const { pushedRequests, interactions } = open()
      const pushed = await push()
      const browsers = Array.from({ length: 50 }, hash)
      const results = await inParallel(50, (index) =>
        pushedRequests.open(openingOf(pushed, { browserHash: browsers[index] as string })),
      )
      expect(opened(results)).toHaveLength(1)
      const winner = results.findIndex(({ status }) => status === 'opened')
      expect(await interactions.find(pushed.id, NOW)).toMatchObject({ browserHash: browsers[winner] })
    })
  })
}
