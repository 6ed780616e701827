/** Length as a person counts it, and as the standards do: an emoji is one, not two. */
export function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
