const ACCOUNT = `'{"username":"user","password":"pass"}'`
const JSON_TYPE = `'content-type: application/json'`

/** Commands to paste into a shell: they log out on one node and are then rejected by another. */
export function createTranscript(urls: readonly string[]): string {
  const at = (node: number) => urls[(node - 1) % urls.length] as string
  const numbered = urls.map((url, index) => `  node ${index + 1}  ${url}`)
  return `
${numbered.join('\n')}

Sign in on one node, be recognised on another, log out on a third, and be rejected on both:

  jar=$(mktemp)
  curl -s -c $jar -H ${JSON_TYPE} -d ${ACCOUNT} ${at(1)}/session/login; echo
  curl -s -b $jar ${at(2)}/session/protected; echo
  curl -s -b $jar -X POST ${at(3)}/session/logout; echo
  curl -s -b $jar ${at(2)}/session/protected; echo
  curl -s -b $jar ${at(1)}/session/protected; echo

  token=$(curl -s -H ${JSON_TYPE} -d ${ACCOUNT} ${at(1)}/token/login | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
  curl -s -H "authorization: Bearer $token" ${at(2)}/token/protected; echo
  curl -s -H "authorization: Bearer $token" -X POST ${at(3)}/token/logout; echo
  curl -s -H "authorization: Bearer $token" ${at(2)}/token/protected; echo

Ctrl-C stops them all.
`
}
