// Loaded before the demo by NODE_OPTIONS; its clock jumps ahead by JUMP_CLOCK_MS at each SIGUSR2.
const jumpMs = Number(process.env.JUMP_CLOCK_MS)
const { now } = Date
let ahead = 0
Date.now = () => now() + ahead
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length === 0 ? [Date.now()] : given))
  }
}
process.on('SIGUSR2', () => {
  ahead += jumpMs
  console.log(`the clock is ${ahead} ms ahead`)
})
