export interface FileResult {
  readonly counts: Readonly<Record<'total' | 'pass' | 'fail' | 'skip' | 'todo', number>>
  readonly why: string | null
  readonly output: string
  readonly seconds: number
}

export function runFile(
  script: string,
  options: { readonly timeoutMs: number; readonly env: NodeJS.ProcessEnv }
): Promise<FileResult>
