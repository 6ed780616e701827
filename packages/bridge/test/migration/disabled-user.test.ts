import t from 'tap'
import { makeMoving } from './make-migration.ts'
import { browse, type Jar, startOldService } from './old-service.ts'

const MAX_MOMENTS = 100

t.test(
  'a user who is disabled in any moment of a request that moves the login has none afterwards',
  async (t) => {
    for (const phase of ['both', 'new'] as const) {
      let moments = 0
      for (let at = 0; at < MAX_MOMENTS; at += 1) {
        const old = await startOldService()
        let [isDisabled, seen] = [false, 0]
        let moment: string | undefined
        const watch = async (name: string) => {
          if (seen++ !== at) return
          ours.storeSpy.watcher = null
          moment = name
          isDisabled = true
          await ours.logins.revokeUser(ours.userId('ada'))
        }
        const ours = await makeMoving(old.sessions, {
          userOf: async ({ userId }) => {
            const isWatched = ours.storeSpy.watcher !== null
            if (isWatched) await watch('before userOf')
            const user = isDisabled ? null : { id: ours.userId(userId), username: userId }
            if (isWatched && moment === undefined) await watch('after userOf')
            return user
          }
        })
        const jar: Jar = new Map()
        await browse(jar, `${old.url}/login?user=ada`, 'POST')
        await ours.moveTo('both')
        if (phase === 'new') await ours.moveTo('new')
        const before = new Map(jar)
        ours.storeSpy.watcher = watch
        const { status } = await ours.get(1, jar)
        ours.storeSpy.watcher = null
        if (moment === undefined) t.equal(status, 200, 'undisturbed, it succeeds')
        else {
          const where = `${phase}, ${at}: ${moment}`
          const copies = [jar, before, new Map([...jar].slice(1))]
          for (const copy of copies)
            for (const node of [0, 1]) t.equal((await ours.get(node, new Map(copy))).status, 401, where)
          t.same(await ours.logins.listByUser(ours.userId('ada')), [], where)
        }
        await ours.close()
        await old.close()
        if (moment === undefined) break
        moments += 1
      }
      t.ok(moments > 4, `${moments} moments in the phase ${phase}`)
    }
  }
)
