import type { Test } from 'tap'
import type { RevocationFeed } from '../../../src/index.ts'
import { createRedisFeed, type RedisFeedOptions } from '../../../src/redis/index.ts'
import { feedCases } from '../../../src/testing/index.ts'

/** Far above what anything takes here, so that a busy machine does not fail the feed. */
const LONG_TIMEOUT_MS = 15_000

let count = 0

/** Every case of the contract, on a log of its own that three nodes share. */
export async function checkContract(t: Test, options: RedisFeedOptions): Promise<void> {
  for (const { name, run } of feedCases) {
    await t.test(name, () =>
      run(async () => {
        const prefix = `contract${count++}`
        const feeds = [1, 2, 3].map(() =>
          createRedisFeed({ publishTimeoutMs: LONG_TIMEOUT_MS, ...options, prefix })
        )
        await Promise.all(feeds.map((feed) => feed.renew(LONG_TIMEOUT_MS)))
        const positions: string[] = []
        return {
          nodes: feeds.map((feed) => recordPositions(feed, positions)),
          delivered: async () => {
            for (const feed of feeds)
              for (const position of positions) await feed.waitForPosition(position, LONG_TIMEOUT_MS)
          },
          close: async () => void (await Promise.all(feeds.map((feed) => feed.close())))
        }
      })
    )
  }
}

/** The feed; the position of each publication is added to `positions`. */
function recordPositions(feed: RevocationFeed, positions: string[]): RevocationFeed {
  return new Proxy(feed, {
    get: (target, name) => {
      if (name === 'publish' || name === 'publishChanges')
        return async (entries: readonly never[]) => {
          const position = await target[name](entries)
          if (position !== '') positions.push(position)
          return position
        }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value
    }
  })
}
