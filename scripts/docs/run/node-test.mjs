/** The example declares tests of node:test, which run by themselves and set the exit code. */
export const endsByItself = true

export default function nodeTest() {}
