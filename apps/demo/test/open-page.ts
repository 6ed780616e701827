import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Test } from 'tap'

/** A section of the page, by its id. */
export type Section = 'sign-in' | 'session' | 'token' | 'logins'

export interface OpenedPage {
  readonly page: Page
  /** What the console reports, but for the 401s that Chromium reports there, expected or not. */
  readonly complaints: readonly string[]
}

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
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
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
  await page.locator('section[aria-busy]').waitFor({ state: 'detached' })
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

/** The values of a list of facts, by name. */
export async function readFacts(
  list: ReturnType<Page['locator']>
): Promise<Readonly<Record<string, string>>> {
  const rows = await list.locator('> div').all()
  const entries = rows.map(async (row) => [
    await row.locator('dt').innerText(),
    await row.locator('.value').innerText()
  ])
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>
}
