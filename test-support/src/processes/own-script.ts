/** A test runs from source, through a loader, or compiled, beside the rest of the compiled workspace. */
const isCompiled = import.meta.filename.endsWith('.js')

/** The options of Node for a process that runs or imports scripts of the workspace as this process does. */
export const loaderArgs: readonly string[] = isCompiled ? [] : ['--import', 'tsx']

/** The name of a script of the workspace, from source or compiled as this process is. @param source its `.ts` name. */
export function ownScript(source: string): string {
  return isCompiled ? source.replace(/\.ts$/, '.js') : source
}
