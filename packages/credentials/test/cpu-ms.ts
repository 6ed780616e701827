/** CPU time of all threads of this process since then, ms, which does not include stalls of the machine. */
export function cpuMsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000
}
