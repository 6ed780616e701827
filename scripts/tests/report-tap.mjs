const LAST_LINES = 40

/**
 * Writes the results of the files as one TAP stream.
 * @param options.isVerbose also the output of files that passed.
 * @param options.mayLeaveOut whether all may have passed although a test was skipped, or is still to be written.
 */
export function createReport({ isVerbose, mayLeaveOut, write }) {
  const sums = { total: 0, pass: 0, fail: 0, skip: 0, todo: 0 }
  const seconds = []
  const startedAt = performance.now()
  write('TAP version 14\n')

  return {
    add(file, result) {
      for (const kind of Object.keys(sums)) sums[kind] += result.counts[kind]
      seconds.push([file, result.seconds])
      write(formatFile(file, seconds.length, result, isVerbose))
    },

    /** @returns whether all tests of all files passed. */
    close() {
      const counted = Object.entries(sums).filter(
        ([kind, count]) => count > 0 || kind === 'total' || kind === 'pass'
      )
      write(`1..${seconds.length}\n`)
      const slowest = seconds.toSorted(([, a], [, b]) => b - a).slice(0, 10)
      for (const [file, took] of slowest) write(`# ${took.toFixed(1)} s ${file}\n`)
      write(`# { ${counted.map(([kind, count]) => `${kind}: ${count}`).join(', ')} }\n`)
      write(`# time=${Math.round(performance.now() - startedAt)}ms\n`)
      const bad = sums.fail + (mayLeaveOut ? 0 : sums.skip + sums.todo)
      return bad === 0 && seconds.length > 0
    }
  }
}

function formatFile(file, number, { counts, why, output, seconds }, isVerbose) {
  const isFailed = counts.fail > 0
  const isWhole = isVerbose || isFailed || counts.skip > 0 || counts.todo > 0
  const subtest = isWhole ? `# Subtest: ${file}\n${indent(output)}` : ''
  const result = `${isFailed ? 'not ok' : 'ok'} ${number} - ${file} # time=${(seconds * 1000).toFixed(0)}ms\n`
  return subtest + result + (why === null ? '' : formatFault(why, output))
}

/** With its last lines, where a reader of failures looks. */
function formatFault(why, output) {
  const last = output.trimEnd().split('\n').slice(-LAST_LINES).join('\n')
  return `  ---\n  why: ${why}\n  last output: |\n${indent(last)}  ...\n`
}

function indent(text) {
  return text === '' ? '' : text.replace(/^(?=.)/gm, '    ').replace(/\n?$/, '\n')
}
