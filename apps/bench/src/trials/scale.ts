import { followFeed } from './scale/follow-feed.ts'
import { startBehindLongFeed } from './scale/start-behind-long-feed.ts'
import { writeBesideMany } from './scale/write-beside-many.ts'
import type { Trial } from './trial.ts'

/** What a fleet costs: nodes that follow one feed, the start of a node behind a long feed, and sign-ins beside many logins. */
export const scale: Trial = {
  id: 'scale',
  title: 'A hundred nodes, half a million revocations, a million logins',
  needsRedis: true,
  isOnRequest: true,
  run: async (context) => [
    ...(await followFeed(context, {
      processes: 10,
      nodesPerProcess: 10,
      rates: [250, 500, 1000, 1500, 2000, 3000],
      rounds: 3,
      seconds: 5
    })),
    ...(await startBehindLongFeed(context, { revoked: 500_000, starts: 3 })),
    ...(await writeBesideMany(context, { logins: 1_000_000, signIns: 2000 }))
  ]
}
