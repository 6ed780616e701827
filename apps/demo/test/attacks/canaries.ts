/**
 * Secrets by name, and a search for them: as text and in every form in which a secret is printed by mistake. Each
 * part that is secret by itself has a name of its own.
 */
export class Canaries {
  readonly #forms = new Map<string, readonly string[]>()

  /** Adds a secret that is text. */
  add(name: string, secret: string): void {
    if (secret.length < 10) throw new Error(`${name} is too short to be told from other text`)
    this.#forms.set(name, encodings(Buffer.from(secret), secret))
  }

  /** Adds base64 or base64url text: both the text and the decoded bytes are secret. */
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

  /**
   * The header is the same for every token of a key, and the claims by themselves are no secret; their encoded text
   * is.
   */
  addAccessToken(name: string, token: string): void {
    const [, payload = '', signature = ''] = token.split('.')
    this.add(`${name}: claims`, payload)
    this.addEncoded(`${name}: signature`, signature)
  }

  /**
   * `drbr_` and base64url of loginId 21 | generation 4 | family 16 | secret 16 | MAC 18. All tokens of a login have
   * the same family.
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

  /** The names of the secrets in a text, with exceptions. */
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
  // Split into lines, as an inspected Buffer is, or into pairs.
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

/** At each of the three alignments of base64, without the characters at both ends that depend on neighbours. */
function base64Variants(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '')
    const own = encoded.slice(before === 0 ? 0 : before + 1, -1)
    return [own, own.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(own)]
  })
}
