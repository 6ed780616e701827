/** The work of all threads of this process since then, ms: what a machine that stalls does not add to. */
export function cpuMsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000
}
