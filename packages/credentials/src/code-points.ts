/** Length in Unicode code points, as NIST SP 800-63B counts it: an emoji is one, not two UTF-16 code units. */
export function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
