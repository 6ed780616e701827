export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Buffer
  readonly signature: Buffer
}

/**
 * Takes apart a JWS in compact form (RFC 7515 section 7.1), and null for anything that is not exactly that. It
 * stands before the libraries because they forgive: unused bits in the last character, so that one token has
 * several spellings; ill-formed UTF-8, so that several users have one name; a member that is there twice.
 */
export function parseCompactJws(token: string): CompactJws | null {
  const parts = token.split('.')
  if (parts.length !== 3) return null
  const [header, payload, signature] = parts.map(decodeSegment)
  if (!header || !payload || !signature || signature.length === 0) return null
  const members = parseJsonObject(header)
  return members === null ? null : { header: members, payload, signature }
}

/** A JSON object in UTF-8, with no member twice at any depth; null for anything else. */
export function parseJsonObject(bytes: Buffer): Record<string, unknown> | null {
  try {
    const text = UTF8.decode(bytes)
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return countMembers(value) === countColons(text) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** A byte order mark is kept, and so fails as JSON. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeSegment(segment: string): Buffer | null {
  const bytes = Buffer.from(segment, 'base64url')
  return bytes.toString('base64url') === segment ? bytes : null
}

const STRINGS = /"(?:[^"\\]|\\.)*"/g

/** JSON text has one colon outside of strings for each member; `JSON.parse` keeps one of those that share a name. */
function countColons(text: string): number {
  return text.replace(STRINGS, '').split(':').length - 1
}

/** Without recursion: depth is for the sender to choose. */
function countMembers(root: object): number {
  let count = 0
  const open: object[] = [root]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const inner = Object.values(value) as unknown[]
    if (!Array.isArray(value)) count += inner.length
    for (const item of inner) if (typeof item === 'object' && item !== null) open.push(item)
  }
  return count
}
