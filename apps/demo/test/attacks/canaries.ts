/**
 * Secrets by name, and where they are found: as text, and in whatever form a secret is written down by mistake. Each
 * part that is secret by itself has a name of its own.
 */
export class Canaries {
  readonly #forms = new Map<string, readonly string[]>()

  /** A secret that is text. */
  add(name: string, secret: string): void {
    if (secret.length < 10) throw new Error(`${name} is too short to be told from other text`)
    this.#forms.set(name, encodings(Buffer.from(secret), secret))
  }

  /** Text of base64 or base64url: both that text and what it stands for are secret. */
  addEncoded(name: string, text: string): void {
    const bytes = Buffer.from(text, 'base64url')
    if (bytes.length < 10) throw new Error(`${name} is too short to be told from other text`)
    this.#forms.set(name, [...encodings(Buffer.from(text), text), ...encodings(bytes)])
  }

  /** `<loginId>.<secret>.<signature>`; the loginId is no secret. */
  addSessionCookie(name: string, cookieValue: string): void {
    const [, secret = '', signature = ''] = cookieValue.split('.')
    this.addEncoded(`${name}: secret`, secret)
    this.addEncoded(`${name}: signature`, signature)
  }

  /** The header of every token of a key is the same, and what the claims say is no secret; but as text they are. */
  addAccessToken(name: string, token: string): void {
    const [, payload = '', signature = ''] = token.split('.')
    this.add(`${name}: claims`, payload)
    this.addEncoded(`${name}: signature`, signature)
  }

  /**
   * `drbr_` and base64url of loginId 21 | generation 4 | family 16 | secret 16 | MAC 18. The tokens of a login have their
   * family in common.
   *
   * @returns the name of the family.
   */
  addRefreshToken(name: string, token: string): string {
    const bytes = Buffer.from(token.slice('drbr_'.length), 'base64url')
    const family = `family of ${bytes.subarray(0, 21).toString('base64url')}`
    this.add(name, token)
    this.addEncoded(family, bytes.subarray(25, 41).toString('base64url'))
    this.addEncoded(`${name}: secret`, bytes.subarray(41, 57).toString('base64url'))
    this.addEncoded(`${name}: MAC`, bytes.subarray(57).toString('base64url'))
    return family
  }

  get names(): readonly string[] {
    return [...this.#forms.keys()]
  }

  /** The names of those that a text has, but for some. */
  findIn(text: string, isExpected: (name: string) => boolean = () => false): readonly string[] {
    return this.names.filter(
      (name) => !isExpected(name) && this.#forms.get(name)?.some((form) => text.includes(form))
    )
  }
}

function encodings(bytes: Buffer, text?: string): readonly string[] {
  const hex = bytes.toString('hex')
  const forms = [
    hex,
    hex.toUpperCase(),
    [...bytes].join(','),
    [...bytes].join(', '),
    ...base64Variants(bytes)
  ]
  // Cut into lines, as an inspected Buffer is, or in pairs.
  forms.push((hex.match(/../g) as string[]).slice(0, 16).join(' '))
  if (text === undefined) return forms
  const json = JSON.stringify(text).slice(1, -1)
  return [
    ...forms,
    text,
    json,
    encodeURIComponent(text),
    bytes.toString('latin1'),
    text.split('').toReversed().join('')
  ]
}

/** Wherever it begins in what was encoded; without the characters at both ends that its neighbours share. */
function base64Variants(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '')
    const own = encoded.slice(before === 0 ? 0 : before + 1, -1)
    return [own, own.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(own)]
  })
}
