import type { Follower } from '@drawbridge/carrier'
import type { Engine } from './engine.ts'
import { adoptPresented } from './adopt.ts'
import { follow } from './follow.ts'
import { logOutOld } from './log-out.ts'
import { beforeSignIn } from './sign-in.ts'

/** What a carrier asks about each request that may present a credential of the other system. */
export function createFollower(engine: Engine): Follower {
  const { settled, watch, old } = engine
  return {
    // A header presents one credential: where that is a valid token of ours, there is no other.
    isSettled: (principal) => old.presentsOneSide || (watch.isKnown && settled.has(principal)),
    follow: (request, ours, policy, reply) => follow(engine, request, ours, policy, reply),
    beforeSignIn: (request, reply, login) => beforeSignIn(engine, request, reply, login),
    adopt: (request, limit) => adoptPresented(engine, request, limit),
    logOut: (request, reply) => logOutOld(engine, request, reply)
  }
}
