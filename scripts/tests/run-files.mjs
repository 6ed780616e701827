/**
 * Runs files side by side, and then, one at a time, those that need the machine for themselves.
 * @param files to run.
 * @param options.jobs how many side by side.
 * @param options.isAlone which of them run alone.
 * @param options.run runs one.
 * @param options.report is called with each file and its result, in the order in which they end.
 */
export async function runFiles(files, { jobs, isAlone, run, report }) {
  const runNext = async (queue) => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) report(file, await run(file))
  }
  const together = files.filter((file) => !isAlone(file))
  await Promise.all(Array.from({ length: jobs }, () => runNext(together)))
  await runNext(files.filter(isAlone))
}
