/** The example declares tests of node:test, which run on by themselves and set the exit code. */
export const endsByItself = true

export default function nodeTest() {}
