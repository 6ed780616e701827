/** A clock that stands until a test moves it. */
export class TestClock {
  #now: number

  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#now = start
  }

  readonly now = (): number => this.#now

  advance(ms: number): void {
    this.#now += ms
  }
}
