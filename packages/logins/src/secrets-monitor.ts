import { plainError } from '@drawbridge/options'
import { deriveKeys } from './root-secret.ts'
import type { LoginStore } from './stores/login-store.ts'

/** Options of {@link SecretsMonitor}. */
export interface SecretsMonitorOptions {
  readonly store: Pick<LoginStore, 'announce'>
  /** Must not throw. */
  readonly onError: (error: unknown) => void
}

interface MonitoredPurpose {
  readonly announce: () => Promise<readonly string[]>
  /** Fingerprints of the root secrets, joined by commas; the first is that of the secret that signs. */
  readonly fingerprints: string
  readonly onDiffer: () => void
  differs: boolean
}

const INTERVAL_MS = 60_000
/** A node may miss two announcements and still counts as running. */
const TTL_SECONDS = 180
const FINGERPRINT_BYTES = 16

/**
 * Detects whether a node of a service could reject what another one signs. Each node publishes fingerprints
 * of its root secrets in the shared store once per minute, and reads those of the others.
 */
export class SecretsMonitor {
  readonly #options: SecretsMonitorOptions
  readonly #purposes = new Set<MonitoredPurpose>()
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: SecretsMonitorOptions) {
    this.#options = options
  }

  /** Whether the root secrets differed in the last comparison that succeeded. */
  get isDiffering(): boolean {
    return [...this.#purposes].some(({ differs }) => differs)
  }

  /** See `Logins.compareSecrets`. */
  async compare(purpose: string, secrets: readonly string[], onDiffer = () => {}): Promise<boolean> {
    const { store } = this.#options
    if (store.announce === undefined || this.#isClosed) return false
    const topic = `root secrets of ${purpose}`
    const fingerprints = createFingerprints(secrets, topic)
    const announce = store.announce.bind(store, topic, fingerprints, TTL_SECONDS)
    const watched = { announce, fingerprints, onDiffer, differs: false }
    this.#purposes.add(watched)
    this.#timer ??= setInterval(() => void this.check(), INTERVAL_MS).unref()
    await this.#check(watched)
    return watched.differs
  }

  /** Publishes and compares again. Never rejects. */
  async check(): Promise<void> {
    await Promise.all([...this.#purposes].map((watched) => this.#check(watched)))
  }

  /** Stops the comparisons; a failing one is no longer reported. */
  close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
  }

  async #check(purpose: MonitoredPurpose): Promise<void> {
    const { announce, fingerprints, onDiffer, differs } = purpose
    try {
      const texts = await announce()
      purpose.differs = texts.some((other) => !accepts(fingerprints, other) || !accepts(other, fingerprints))
      if (purpose.differs && !differs) onDiffer()
    } catch (error) {
      if (!this.#isClosed) this.#options.onError(plainError(error))
    }
  }
}

/**
 * Fingerprints of keys that are derived for this purpose alone: they sign nothing, and reveal nothing of the
 * secret.
 */
function createFingerprints(secrets: readonly string[], topic: string): string {
  const keys = deriveKeys(secrets, `fingerprint of ${topic}`)
  return keys.map((key) => key.subarray(0, FINGERPRINT_BYTES).toString('base64url')).join()
}

/** Whether a node with the fingerprints `these` accepts what a node with the fingerprints `those` signs. */
function accepts(these: string, those: string): boolean {
  return these.split(',').includes(those.split(',', 1)[0] as string)
}
