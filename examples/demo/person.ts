/**
 * Plays the person: goes where the browser is sent, signs in when a page asks who is there, says yes when a page asks
 * for consent, and stops before the partner's callback, with the address that the browser would go to.
 */
import type { Answer, Browser, Visit } from './browser.ts'
import { type Form, readForms, readText, readWords } from './forms.ts'
import { PERSON, SCOPES } from './settings.ts'
import { StepFailed, type Story, shortenLongWords } from './story.ts'

export interface Journey {
  readonly browser: Browser
  readonly story: Story
  /** Where the person leaves the authorization server. */
  readonly callback: URL
}

const MOST_HOPS = 12

/** Follows from the first address up to the callback. `onFirst` looks at the first answer. */
export async function goTo(
  { browser, story, callback }: Journey,
  start: { readonly title: string; readonly url: URL; onFirst?(answer: Answer): void },
): Promise<URL> {
  let visit: Visit = { url: start.url }
  let title = start.title
  const done = new Set<string>()

  for (let hop = 0; hop < MOST_HOPS; hop += 1) {
    story.step(title)
    const answer = await browser.send(visit)
    story.exchange(answer, visit.form)
    if (hop === 0) start.onFirst?.(answer)

    if (answer.location !== undefined && answer.status >= 300 && answer.status < 400) {
      if (visit.form !== undefined && answer.status !== 303) throw new StepFailed('303 after a form', describe(answer))
      if (isSamePage(answer.location, callback)) return answer.location
      visit = { url: answer.location }
      const stays = answer.location.origin === answer.url.origin
      title = stays ? 'The browser goes where it is sent' : 'The browser takes the request to Latchkey'
      continue
    }

    const { step, form } = findForm(answer)
    if (done.has(step)) throw new StepFailed(`"${step}" to be accepted`, `the same page again: ${describe(answer)}`)
    done.add(step)
    story.note(`the page says "${readText(answer.text, 'h1') ?? ''}"`)
    if (step === 'login') {
      form.fields.set('username', PERSON.username)
      form.fields.set('password', PERSON.password)
      title = 'The person signs in'
    } else {
      checkConsentPage(answer, story)
      form.fields.set('answer', 'allow')
      title = 'The person says yes'
    }
    visit = { url: form.action, form: form.fields, from: answer }
  }
  throw new StepFailed(`to reach ${callback.href}`, `${MOST_HOPS} pages and redirects without an end`)
}

function findForm(answer: Answer): { step: 'login' | 'consent'; form: Form } {
  const forms = answer.status < 400 ? readForms(answer.text, answer.url) : []
  for (const form of forms) {
    const step = form.fields.get('step')
    if (step === 'login') return { step, form }
    if (step === 'consent' && form.buttons.includes('answer=allow')) return { step, form }
    if (step === 'consent' && form.fields.get('answer') === 'allow') return { step, form }
  }
  throw new StepFailed('a redirect, or a page with the sign-in or consent form', describe(answer))
}

/** Consent is worth something only if the page says what is asked for. */
function checkConsentPage(answer: Answer, story: Story): void {
  const words = readWords(answer.text)
  for (const [scope, sentence] of Object.entries(SCOPES)) {
    if (!words.includes(sentence)) throw new StepFailed(`the page to say "${sentence}" for ${scope}`, words)
    story.note(`it asks: ${sentence} (${scope})`)
  }
}

function isSamePage(one: URL, other: URL): boolean {
  return one.origin === other.origin && one.pathname === other.pathname
}

export function describe(answer: Answer): string {
  const text = answer.headers.get('content-type')?.includes('html') ? readWords(answer.text) : answer.text
  return `${answer.status} ${answer.statusText} ${shortenLongWords(text).slice(0, 600)}`.trim()
}
