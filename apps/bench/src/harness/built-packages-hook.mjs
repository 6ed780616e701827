import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const OURS = /^@drawbridge\/([a-z-]+)(\/.+)?$/
const packages = new URL('../../../../packages/', import.meta.url)

export function resolve(specifier, context, next) {
  const [, name, subpath = ''] = OURS.exec(specifier) ?? []
  if (name === undefined) return next(specifier, context)
  const folder = new URL(`${name}/`, packages)
  const manifest = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'))
  const target = manifest.publishConfig.exports[`.${subpath}`]
  return next(new URL(target.default ?? target, folder).href, {
    ...context,
    parentURL: pathToFileURL('/').href
  })
}
