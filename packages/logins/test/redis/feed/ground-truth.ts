import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'

/*
 * The ground truth: which logins exist and when they were revoked. One process writes, any number read. A
 * file, because a process that was stopped must read the present state when it resumes, and not an old one
 * first.
 */

/** ms on a clock that all processes of this machine share, and that advances while one is stopped. */
export const clock = (): number => Number(process.hrtime.bigint()) / 1e6

/** The state at one moment. */
export class Rows {
  readonly #values: Float64Array

  constructor(values: Float64Array) {
    this.#values = values
  }

  get count(): number {
    return this.#values.length / FIELDS
  }

  /** ms since the epoch; 0 where there is no such login yet. */
  issuedAt(at: number): number {
    return this.#values[at * FIELDS] ?? 0
  }

  /** By `clock`; 0 while it is active. */
  revokedAt(at: number): number {
    return this.#values[at * FIELDS + 1] ?? 0
  }
}

const FIELDS = 2
const BYTES = 8 * FIELDS

export class Truth {
  readonly #file: number

  constructor(path: string, flags: 'r' | 'w+') {
    this.#file = openSync(path, flags)
  }

  issue(at: number, issuedAt: number): void {
    this.#write(at, 0, issuedAt)
  }

  revoke(at: number): void {
    this.#write(at, 1, clock())
  }

  read(): Rows {
    const values = new Float64Array(Math.floor(fstatSync(this.#file).size / BYTES) * FIELDS)
    readSync(this.#file, values, 0, values.byteLength, 0)
    return new Rows(values)
  }

  close(): void {
    closeSync(this.#file)
  }

  #write(at: number, field: number, value: number): void {
    writeSync(this.#file, new Float64Array([value]), 0, 8, at * BYTES + field * 8)
  }
}

export function toLoginId(at: number): string {
  return `login-${at}`
}
