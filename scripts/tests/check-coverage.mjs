import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Report } from 'c8'

/** Percent, of lines, statements, branches and functions. */
const MINIMUM = 90

/** Moves what processes have recorded of the packages' sources; each has recorded every script that it loaded. */
export function moveOwnCoverage(from, to, build) {
  const isSource = sourceFilter(build)
  for (const name of readdirSync(from)) {
    const { result, 'source-map-cache': maps = {} } = JSON.parse(readFileSync(join(from, name), 'utf8'))
    const own = {
      result: result.filter(({ url }) => isSource(url)),
      'source-map-cache': Object.fromEntries(Object.entries(maps).filter(([url]) => isSource(url)))
    }
    writeFileSync(join(to, name), JSON.stringify(own))
  }
  rmSync(from, { recursive: true })
}

function sourceFilter(build) {
  const packages = `${pathToFileURL(resolve(build, 'packages')).href}/`
  return (url) => url.startsWith(packages) && /^[^/]+\/src\//.test(url.slice(packages.length))
}

/**
 * Prints the coverage of the files that lack some.
 * @returns whether there is enough.
 */
export async function checkCoverage(folder, write) {
  const report = new Report({
    tempDirectory: folder,
    reportsDirectory: join(folder, 'report'),
    reporter: ['text'],
    skipFull: true,
    mergeAsync: true,
    excludeAfterRemap: false,
    exclude: [],
    excludeNodeModules: true
  })
  await report.run()
  const map = await report.getCoverageMapFromAllCoverageFiles()
  const summary = map.getCoverageSummary()
  const low = ['lines', 'statements', 'branches', 'functions'].filter(
    (kind) => !(summary[kind].pct >= MINIMUM)
  )
  for (const kind of low) write(`# ERROR: incomplete ${kind} coverage (${summary[kind].pct}%)\n`)
  return low.length === 0
}
