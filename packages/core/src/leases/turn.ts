import type { Lease, Leases } from "../ports/leases.ts";
import type { CallOptions, Name } from "../ports/store.ts";
import { inTime, timerTime } from "../timing/countdown.ts";

/** Milliseconds between two looks while another has the turn: the first pause, doubled up to the longest. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [20, 1000];

/** What a turn is taken for. */
export interface Turn<T> {
  readonly leases: Leases;
  /** Of the value that is to be computed. */
  readonly name: Name;
  /** Longest time to wait for others, in milliseconds. */
  readonly wait: number;
  /** What is there by now; `undefined` for nothing. */
  readonly look: () => Promise<T | undefined>;
  /** Hears of a lease that could not be taken or renewed; the value is computed all the same. */
  readonly failed: (error: unknown) => void;
}

/**
 * Computes a value while no other process does, or answers what another has stored meanwhile. Whoever has waited long enough,
 * or cannot take a lease at all, computes it as well: a lease saves work and is never in the way.
 */
export async function inTurn<T>(turn: Turn<T>, compute: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const { lease, found } = await takeTurn(turn, { signal });
  if (found !== undefined) return found;
  if (lease === undefined) return compute();
  const stopRenewing = keepRenewed(lease, turn);
  try {
    return await compute();
  } finally {
    await giveBack(turn, async () => {
      await stopRenewing();
      await lease.release();
    });
  }
}

/** One that cannot be given back ends by itself after as long. Without the caller's signal: who aborts gives it back, too. */
async function giveBack({ leases, failed }: Turn<unknown>, work: () => Promise<void>): Promise<void> {
  await inTime(leases.ttl, undefined, work).catch(failed);
}

/** What came of waiting: the turn, or what another stored, or neither of them. */
interface Taken<T> {
  readonly lease?: Lease | undefined;
  readonly found?: T | undefined;
}

async function takeTurn<T>(turn: Turn<T>, options: CallOptions): Promise<Taken<T>> {
  const { leases, name, wait } = turn;
  const end = performance.now() + wait;
  const longest = Math.min(LONGEST_PAUSE, leases.ttl / 4);
  for (let pause = Math.min(FIRST_PAUSE, longest); ; pause = Math.min(pause * 2, longest)) {
    let lease: Lease | undefined;
    try {
      lease = await takeInTime(leases, name, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      turn.failed(error);
      return {};
    }
    // Whoever had the turn before may have stored the value since it was last looked for.
    const found = await lookHolding(turn, lease);
    if (found !== undefined || lease !== undefined) return found === undefined ? { lease } : { found };
    if (performance.now() >= end) return {};
    options.signal?.throwIfAborted();
    await sleep(pause * (0.5 + Math.random()), options.signal);
  }
}

/** What takes longer than a lease lasts may be nobody's any more; should it come after all, nobody has to wait for its end. */
async function takeInTime(leases: Leases, name: Name, options: CallOptions): Promise<Lease | undefined> {
  let taking: Promise<Lease | undefined> | undefined;
  try {
    return await inTime(leases.ttl, options, (own) => {
      taking = leases.take(name, own);
      return taking;
    });
  } catch (error) {
    taking?.then((lease) => lease?.release()).catch(() => {});
    throw error;
  }
}

/** Looks, and gives the lease back unless it is still needed. */
async function lookHolding<T>(turn: Turn<T>, lease: Lease | undefined): Promise<T | undefined> {
  let needed = false;
  try {
    const found = await turn.look();
    needed = found === undefined;
    return found;
  } finally {
    if (!needed && lease !== undefined) await giveBack(turn, () => lease.release());
  }
}

/**
 * Renews a lease until it is stopped or is lost.
 * @returns stops it, and waits for a renewal under way: that must not put back a lease that was released
 */
function keepRenewed(lease: Lease, { leases, failed }: Pick<Turn<unknown>, "leases" | "failed">): () => Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let renewal = Promise.resolve();
  let stopped = false;
  const renew = async (): Promise<void> => {
    let isHeld = true;
    try {
      isHeld = await inTime(leases.ttl, undefined, (own) => lease.renew(own));
    } catch (error) {
      // It lasts for some time yet, and the medium may answer again by then.
      failed(error);
    }
    if (isHeld) renewLater();
  };
  const renewLater = (): void => {
    if (stopped) return;
    timer = setTimeout(
      () => {
        renewal = renew();
      },
      timerTime(leases.ttl / 3),
    );
    // A lease is no reason for a process to go on.
    (timer as { unref?: () => void }).unref?.();
  };
  renewLater();
  return () => {
    stopped = true;
    clearTimeout(timer);
    return renewal;
  };
}

/** Rejects with the signal's reason when it aborts. */
function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", leave);
      resolve();
    }, ms);
    signal?.addEventListener("abort", leave, { once: true });
  });
}
