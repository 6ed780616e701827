/**
 * How often a request has a header, of which Node may have dropped all but the first. Only a name of the same length is read: on
 * the hot path, where browsers send a dozen others.
 *
 * @param rawHeaders names and values in turn, as Node has them.
 * @param name in lower case.
 */
export function countHeaders(rawHeaders: readonly string[], name: string): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const text = rawHeaders[at]
    if (text?.length === name.length && text.toLowerCase() === name) count += 1
  }
  return count
}
