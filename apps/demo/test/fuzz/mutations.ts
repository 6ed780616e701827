import fc from 'fast-check'

/** The characters that Node allows in the value of a header: no control characters but the tab. */
const headerCharacter = fc
  .oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0x21, max: 0x7e }) },
    { weight: 1, arbitrary: fc.constantFrom(0x20, 0x09) },
    { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }) }
  )
  .map((code) => String.fromCharCode(code))

export const headerText = (maxLength = 60): fc.Arbitrary<string> =>
  fc.string({ unit: headerCharacter, maxLength })

type Mutation = (text: string, from: number, to: number, patch: string) => string

/** A position is a fraction of the length, so that one mutation fits texts of any length. */
const MUTATIONS: readonly Mutation[] = [
  (text, from, _, patch) => text.slice(0, from) + patch.slice(0, 1) + text.slice(from + 1),
  (text, from, to) => text.slice(0, from) + text.slice(to),
  (text, from, _, patch) => text.slice(0, from) + patch + text.slice(from),
  (text, from, to) => text.slice(0, to) + text.slice(from),
  (text, from) => text.slice(0, from),
  (text, from) => text.slice(from),
  (text, _from, _to, patch) => text + patch,
  (text, _from, _to, patch) => patch + text,
  (text, from, to) => text.slice(0, from) + swapCase(text.slice(from, to)) + text.slice(to),
  (text, from, to) => text.slice(0, from) + percent(text.slice(from, to)) + text.slice(to),
  (text, from, to) => text.slice(0, from) + reverse(text.slice(from, to)) + text.slice(to),
  (text, from, _) => text.slice(0, from) + flipBit(text.charAt(from)) + text.slice(from + 1),
  (text) => text.split('.').toReversed().join('.'),
  (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
  (text) => Buffer.from(text, 'latin1').toString('base64'),
  (text) => Buffer.from(text, 'latin1').toString('hex'),
  (text) => `"${text}"`
]

const swapCase = (text: string) =>
  text.replace(/[a-z]/gi, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))

const reverse = (text: string) => text.split('').toReversed().join('')

const percent = (text: string) =>
  [...Buffer.from(text, 'latin1')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

const flipBit = (character: string) =>
  character === '' ? '' : String.fromCharCode(0x20 | (character.charCodeAt(0) ^ 1))

const place = fc.double({ min: 0, max: 1, noNaN: true })
const change = fc.tuple(fc.constantFrom(...MUTATIONS), place, place, headerText(8))

/** One of the texts with one to three mutations; a mutation may leave it unchanged. */
export function mutate(...texts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([text, changes]) => changes.reduce(applyChange, text))
}

function applyChange(
  text: string,
  [apply, a, b, patch]: readonly [Mutation, number, number, string]
): string {
  const [from, to] = [Math.min(a, b), Math.max(a, b)].map((part) => Math.floor(part * text.length))
  return apply(text, from as number, to as number, patch)
}
