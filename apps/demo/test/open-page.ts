import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Test } from 'tap'

/** A section of the page, by its id. */
export type Section = 'sign-in' | 'session' | 'token' | 'logins'

/** A place with a form of its own, by its id. */
export type FormName = 'register' | 'forgot' | 'reset' | 'verify' | 'change' | 'delete' | 'keys' | 'step-up'

/** The buttons that sign in, by carrier. */
const signInButtons = {
  session: 'Sign in with a cookie',
  token: 'Sign in with a token'
} as const

export interface OpenedPage {
  readonly page: Page
  /** What the console reports, but for the 401s that Chromium reports there, expected or not. */
  readonly complaints: readonly string[]
}

/** Whether a complaint is that of Chromium about a response which the page expects, and explains to its user. */
export const isResponse = (complaint: string): boolean => /status of 4\d\d/.test(complaint)

/** Opens the page in a browser profile of its own, and waits until it knows its state. */
export async function openPage(
  t: Test,
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {}
): Promise<OpenedPage> {
  const opened = await openUrl(t, browser, url, options)
  await ready(opened.page)
  return opened
}

/** Opens any page in a browser profile of its own. */
export async function openUrl(
  t: Test,
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {}
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  t.teardown(() => context.close())
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().includes('status of 401')) complaints.push(line.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, complaints }
}

/** Resolves once the page has asked the server and shows what it said. */
export async function ready(page: Page): Promise<void> {
  await page.locator('#session .badge:not(:text("…"))').waitFor()
}

export async function fillIn(page: Page, username = 'user', password = 'pass'): Promise<void> {
  const section = page.locator('#sign-in')
  await section.getByLabel('Username').fill(username)
  await section.getByLabel('Password').fill(password)
}

/** Signs in, and waits until the page shows it. */
export async function signIn(
  page: Page,
  carrier: 'session' | 'token',
  username?: string,
  password?: string
): Promise<void> {
  await fillIn(page, username, password)
  await page.getByRole('button', { name: signInButtons[carrier] }).click()
  await page.locator(`#${carrier} .badge:text("Signed in")`).waitFor()
  await idle(page)
}

/** Fills in a form of the account, by the labels of its fields, and sends it. @returns what is said beside it. */
export async function send(
  page: Page,
  name: FormName,
  fields: Readonly<Record<string, string>>,
  button: string
): Promise<string> {
  const place = page.locator(`#${name}`)
  for (const [label, value] of Object.entries(fields)) await place.getByLabel(label).fill(value)
  await place.getByRole('button', { name: button }).click()
  await idle(page)
  return place.locator('output').first().innerText()
}

/** Opens a part of the account that is closed at first. */
export async function unfold(page: Page, name: 'change' | 'delete' | 'keys'): Promise<void> {
  await page.locator(`#${name} > summary`).click()
}

/** Resolves once nothing is at work. */
export async function idle(page: Page): Promise<void> {
  await page.locator('[aria-busy=true]').waitFor({ state: 'detached' })
}

export function findButton(page: Page, section: Section, name: string | RegExp) {
  return page.locator(`#${section}`).getByRole('button', { name })
}

/** Presses a button as a user does, and checks that the response is on the screen. @returns its text. */
export async function press(t: Test, page: Page, section: Section, name: string | RegExp): Promise<string> {
  await findButton(page, section, name).click()
  return readResponse(t, page, section)
}

/** The response in a section, once it is there; it must be on the screen without scrolling. */
export async function readResponse(t: Test, page: Page, section: Section): Promise<string> {
  await idle(page)
  const box = await page.locator(`#${section} output`).boundingBox()
  const height = page.viewportSize()?.height ?? 0
  t.ok(
    box !== null && box.y >= 0 && box.y + box.height <= height,
    `the response in ${section} is on the screen`
  )
  return page.locator(`#${section} .response`).innerText()
}

/** The words in the badges of both carriers. */
export async function readBadges(page: Page): Promise<readonly string[]> {
  return page.locator('#session .badge, #token .badge').allInnerTexts()
}

/** The values in the list of records, by name, of each record. */
export async function readRecords(page: Page): Promise<ReadonlyArray<Readonly<Record<string, string>>>> {
  const records = await page.locator('#logins .record').all()
  return Promise.all(records.map((record) => readFacts(record.locator('.facts'))))
}

/** The values of a list of facts, by name, also of one that is folded. */
export async function readFacts(
  list: ReturnType<Page['locator']>
): Promise<Readonly<Record<string, string>>> {
  const rows = await list.locator('> div').all()
  const entries = rows.map(async (row) => [
    await row.locator('dt').textContent(),
    await row.locator('.value').textContent()
  ])
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>
}
