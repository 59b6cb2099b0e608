import { AsyncLocalStorage } from "node:async_hooks";
import { resolve } from "node:path";
import { Lock, type Waiting } from "./lock.ts";
import { lockPath } from "./lock-directory.ts";

/** The time in which nobody else works on a place. */
export interface PlaceTurn {
  /** For a process that is started meanwhile and takes a turn at the place itself; empty when no lock could be had. */
  readonly id: string;
  /**
   * Whether no other process works, or worked, on the place in this turn, as far as it took turns. False also when no lock could be had: what lies at
   * the place may be half of what another one makes.
   */
  isHeld(): Promise<boolean>;
  /** The turn lasts as long as this process of the machine runs, even if the one that took it is killed. */
  include(pid: number): Promise<void>;
}

/** Works with no lock, so that a medium without one costs nobody a result. */
const UNHELD: PlaceTurn = { id: "", isHeld: async () => false, include: async () => undefined };

const last = new Map<string, Promise<unknown>>();
/** Turns around the work that runs. */
const around = new AsyncLocalStorage<ReadonlyMap<string, PlaceTurn>>();

/**
 * Does some work on what lies at a path, while no other work runs that takes a turn there: of this process, or of another one of this user on this machine. Whoever
 * takes a turn within a turn has it already. A turn of a process that was killed is over.
 * @throws whatever `work` throws, and the reason of the signal
 */
export async function takePlace<T>(
  path: string,
  work: (turn: PlaceTurn) => Promise<T>,
  waiting: Waiting = {},
): Promise<T> {
  const place = resolve(path);
  const outer = around.getStore()?.get(place);
  if (outer !== undefined) return work(outer);
  const locked = () => underLock(place, work, waiting);
  const mine = (last.get(place) ?? Promise.resolve()).then(locked, locked);
  last.set(place, mine);
  try {
    return await mine;
  } finally {
    if (last.get(place) === mine) last.delete(place);
  }
}

async function underLock<T>(place: string, work: (turn: PlaceTurn) => Promise<T>, waiting: Waiting): Promise<T> {
  const lock = await lockPath(place)
    .then((path) => Lock.take(path, waiting))
    // What the signal says is for whoever gave it; of a lock that cannot be had the turn tells.
    .catch(() => waiting.signal?.throwIfAborted());
  const turn = lock ?? UNHELD;
  try {
    return await around.run(new Map([...(around.getStore() ?? []), [place, turn]]), () => work(turn));
  } finally {
    // The lock of a process that is over holds nobody up, so one that cannot be removed costs nothing.
    await lock?.release().catch(() => undefined);
  }
}
