import { createCredentials } from '@drawbridge/credentials'
import { addUser } from './add-user.ts'
import { describeBootError } from './boot-error.ts'
import { readConfig } from './config.ts'
import { prepareDataDir } from './data-dir.ts'
import { openPrompt, type Prompt } from './prompt.ts'
import { openUsers } from './users.ts'

async function main(username: string, prompt: Prompt): Promise<boolean> {
  const config = readConfig(process.env)
  await prepareDataDir(config)
  const { users, close } = await openUsers(config, () => {})
  try {
    return await addUser(createCredentials({ users }), username, prompt)
  } finally {
    await close()
  }
}

const [username, ...more] = process.argv.slice(2)
if (username === undefined || more.length > 0) {
  console.error('Usage: pnpm --filter demo add-user <username>')
  process.exit(2)
}
const prompt = openPrompt(process.stdin, process.stderr)
try {
  const isAdded = await main(username, prompt)
  if (isAdded) prompt.print(`${username} can sign in now.`)
  process.exitCode = isAdded ? 0 : 1
} catch (error) {
  console.error(`No user was added: ${describeBootError(error)}`)
  process.exitCode = 1
} finally {
  prompt.close()
}
