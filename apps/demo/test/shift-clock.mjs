// Loaded before the demo by NODE_OPTIONS; it simulates a machine whose clock is off.
const shiftMs = Number(process.env.SHIFT_CLOCK_MS)
const { now } = Date
Date.now = () => now() + shiftMs
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length === 0 ? [Date.now()] : given))
  }
}
