import { resolve } from 'node:path'
import ts from 'typescript'
import t from 'tap'

/** Where the text is compiled: nothing is written there. A program for each, since a declaration is for a whole program. */
const FILE = resolve('apps/demo/src/claims-types.ts')

const NOTHING_DECLARED = `
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { createTestLogins } from '@drawbridge/logins/testing'
createTestLogins()
createTestLogins({ onStale: 'fail-closed' })
const store = createMemoryLoginStore()
createLogins({ store })
createLogins({ store, getClaims: () => ({}) })
createLogins({ store, getClaims: ({ username }) => ({ scopes: username === 'ada' ? ['admin'] : [] }) })
createLogins({ store, getClaims: async ({ userId, data }) => ({ scopes: [userId, String(data['tenant'])] }) })
// @ts-expect-error a member that is not declared
createLogins({ store, getClaims: () => ({ tenant: 't1' }) })
// @ts-expect-error the same beside a valid one
createLogins({ store, getClaims: () => ({ scopes: ['read'], tenant: 't1' }) })
// @ts-expect-error the same of an asynchronous hook
createLogins({ store, getClaims: async () => ({ scopes: ['read'], tenant: 't1' }) })
// @ts-expect-error a standard member is not for the hook to give
createLogins({ store, getClaims: () => ({ scopes: ['read'], userId: 'root' }) })
// @ts-expect-error not a list
createLogins({ store, getClaims: () => ({ scopes: 'read' }) })
// @ts-expect-error a secret of the login
createLogins({ store, getClaims: ({ session }) => ({ scopes: [String(session)] }) })
`

const DECLARED = `
import { createLogins, createMemoryLoginStore, type Principal } from '@drawbridge/logins'
import { createTestLogins } from '@drawbridge/logins/testing'
declare module '@drawbridge/logins' {
  interface Principal {
    readonly role: 'user' | 'admin'
    readonly tenant: string
    readonly nickname?: string
  }
}
const store = createMemoryLoginStore()
export const tenantOf = ({ tenant }: Principal): string => tenant
createLogins({ store, getClaims: () => ({ role: 'user', tenant: 't1' }) })
createLogins({ store, getClaims: () => ({ role: 'user', tenant: 't1', nickname: 'ada', scopes: ['read'] }) })
createLogins({ store, getClaims: async ({ data }) => ({ role: 'admin', tenant: String(data['tenant']) }) })
createLogins({
  store,
  getClaims: async ({ username }) => {
    if (username === 'ada') return { role: 'admin', tenant: 't1', scopes: ['admin'] }
    return { role: 'user', tenant: 't2' }
  }
})
createTestLogins({ getClaims: () => ({ role: 'user', tenant: 't1' }) })
// @ts-expect-error what is declared comes from nowhere, in tests too
createTestLogins()
// @ts-expect-error the same with another option
createTestLogins({ onStale: 'fail-closed' })
// @ts-expect-error what is declared comes from nowhere
createLogins({ store })
// @ts-expect-error a declared member is missing
createLogins({ store, getClaims: () => ({ role: 'user' }) })
// @ts-expect-error the same of an asynchronous hook
createLogins({ store, getClaims: async () => ({ tenant: 't1', scopes: ['read'] }) })
// @ts-expect-error of another type than declared
createLogins({ store, getClaims: () => ({ role: 'root', tenant: 't1' }) })
// @ts-expect-error a misspelt member
createLogins({ store, getClaims: () => ({ role: 'user', tenant: 't1', nikname: 'ada' }) })
// @ts-expect-error the same of an asynchronous hook
createLogins({ store, getClaims: async () => ({ role: 'user', tenant: 't1', nikname: 'ada' }) })
// @ts-expect-error there may be no such user
createLogins({ store, getClaims: () => undefined })
`

function compile(text: string): readonly string[] {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'))
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === FILE || fileExists(name)
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest) : getSourceFile(name, ...rest)
  const program = ts.createProgram([FILE], { ...options, incremental: false, noEmit: true }, host)
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(FILE)).map(({ start = 0, messageText }) => {
    const line = text.slice(0, start).split('\n').length
    return `${line}: ${text.split('\n')[line - 1]} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}

t.test('where a service declares no members, getClaims gives scopes alone, and may be left out', (t) => {
  t.same(compile(NOTHING_DECLARED), [])
  t.end()
})

t.test('what a service declares on Principal must be given, and nothing else', (t) => {
  t.same(compile(DECLARED), [])
  t.end()
})

t.test('an error that was expected and is none is found', (t) => {
  const [found] = compile(`${NOTHING_DECLARED}// @ts-expect-error nothing\ncreateLogins({ store })\n`)
  t.match(found, /Unused '@ts-expect-error'/)
  t.end()
})
