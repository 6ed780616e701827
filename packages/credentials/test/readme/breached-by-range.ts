import { createHash } from 'node:crypto'

/** Looks a password up by range: the list receives five digits, which some thousand passwords share. */
export function breachedByRange(rangeUrl: string) {
  return async (password: string, signal: AbortSignal): Promise<boolean> => {
    const digest = createHash('sha1').update(password).digest('hex').toUpperCase()
    // Padded with made-up lines that count 0, so that the size of the response reveals nothing either.
    const headers = { 'add-padding': 'true' }
    const response = await fetch(new URL(digest.slice(0, 5), rangeUrl), { headers, signal })
    if (!response.ok) throw new Error(`the list of breached passwords responded with ${response.status}`)
    const lines = (await response.text()).split(/\r?\n/)
    const found = lines.find((line) => line.startsWith(`${digest.slice(5)}:`))
    return found !== undefined && Number(found.split(':')[1]) > 0
  }
}
