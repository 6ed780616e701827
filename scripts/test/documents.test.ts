// Files, links and entry points that the documents name exist.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { listFiles } from '../list-files.ts'
import { findCode } from '../markdown.ts'

const files = listFiles(/./)
const documents = files.filter((file) => file.endsWith('.md') && !file.startsWith('.changeset/'))

/** Files that the service, readers or a build create. */
const MADE = /^(users|logins)\.db$|^\.env$|\/\.well-known\//

const withoutBlocks = (markdown: string) => markdown.replace(/^```.*?^```/gms, '')

const isThere = (path: string) => files.some((file) => file === path || file.endsWith(`/${path}`))

/** Words in code spans that can only be file paths. */
function pathsIn(markdown: string): readonly string[] {
  return findCode(withoutBlocks(markdown))
    .flatMap((code) => code.split(/\s+/))
    .map((word) => word.replace(/^['"]|['",]$/g, ''))
    .filter((word) => /^[\w@.-][\w@./-]*\.(ts|mjs|md|sh|yml|py|lua)$/.test(word))
}

for (const file of documents) {
  const markdown = readFileSync(file, 'utf8')
  t.test(`L21: files and links in ${file} exist`, async (t) => {
    t.same(
      pathsIn(markdown).filter((path) => !MADE.test(path) && !isThere(path)),
      [],
      'files'
    )
    t.same(
      linksIn(markdown).filter((link) => !leadsSomewhere(file, link)),
      [],
      'links'
    )
  })
}

function linksIn(markdown: string): readonly string[] {
  const prose = withoutBlocks(markdown).replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link as string)
}

function leadsSomewhere(file: string, link: string): boolean {
  if (/^https?:/.test(link)) return true
  const [path = '', anchor] = link.split('#', 2)
  const target = path === '' ? file : join(dirname(file), path)
  if (!existsSync(target)) return false
  return anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).includes(anchor)
}

/** The anchors that GitHub generates for headings. */
function anchorsOf(markdown: string): readonly string[] {
  return [...withoutBlocks(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  )
}

t.test('L21: every entry point of a package is in its README', async (t) => {
  for (const manifest of files.filter((file) => /^packages\/[^/]+\/package\.json$/.test(file))) {
    const { name, exports } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      readonly name: string
      readonly exports: Readonly<Record<string, unknown>>
    }
    const readme = withoutBlocks(readFileSync(join(dirname(manifest), 'README.md'), 'utf8'))
    const ways = Object.keys(exports).filter((subpath) => subpath !== '.' && !subpath.endsWith('.json'))
    t.same(
      ways.map((subpath) => name + subpath.slice(1)).filter((way) => !findCode(readme).includes(way)),
      [],
      name
    )
  }
})
