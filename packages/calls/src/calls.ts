import type { CallRecord } from "./record.ts";

/**
 * Calls, the newest first, each read and verified when it is come to. What is chained runs when the calls are gone through,
 * each time anew.
 */
export class Calls implements AsyncIterable<CallRecord> {
  readonly #source: () => AsyncIterable<CallRecord>;

  constructor(source: () => AsyncIterable<CallRecord>) {
    this.#source = source;
  }

  /** Goes through the calls from the beginning. */
  [Symbol.asyncIterator](): AsyncIterator<CallRecord> {
    return this.#source()[Symbol.asyncIterator]();
  }

  /** Those for which `keeps` says true. */
  filter(keeps: (call: CallRecord) => boolean): Calls {
    const source = this.#source;
    return new Calls(async function* () {
      for await (const call of source()) if (keeps(call)) yield call;
    });
  }

  /** All but the first `count`. */
  skip(count: number): Calls {
    const source = this.#source;
    return new Calls(async function* () {
      let seen = 0;
      for await (const call of source()) if (seen++ >= count) yield call;
    });
  }

  /** The first `count`; no more are read. */
  take(count: number): Calls {
    const source = this.#source;
    return new Calls(async function* () {
      let left = count;
      if (left <= 0) return;
      for await (const call of source()) {
        yield call;
        left -= 1;
        if (left <= 0) return;
      }
    });
  }

  /** The newest call of each that `by` gives the same for: by default of each function with the same arguments. */
  unique(by: (call: CallRecord) => unknown = functionAndArguments): Calls {
    const source = this.#source;
    return new Calls(async function* () {
      const seen = new Set<unknown>();
      for await (const call of source()) {
        const group = by(call);
        if (!seen.has(group)) yield call;
        seen.add(group);
      }
    });
  }

  /** The newest of them. */
  async newest(): Promise<CallRecord | undefined> {
    for await (const call of this) return call;
    return undefined;
  }

  /** The oldest of them; reads all. */
  async oldest(): Promise<CallRecord | undefined> {
    return (await this.toArray()).at(-1);
  }

  /** How many there are; reads all, since what is not believed does not count. */
  async count(): Promise<number> {
    let count = 0;
    for await (const _ of this) count += 1;
    return count;
  }

  /** All of them by what `by` gives, each group the newest first. */
  async groupBy<K>(by: (call: CallRecord) => K): Promise<Map<K, CallRecord[]>> {
    const groups = new Map<K, CallRecord[]>();
    for await (const call of this) {
      const group = by(call);
      const calls = groups.get(group);
      if (calls === undefined) groups.set(group, [call]);
      else calls.push(call);
    }
    return groups;
  }

  /** All of them. */
  async toArray(): Promise<CallRecord[]> {
    const calls: CallRecord[] = [];
    for await (const call of this) calls.push(call);
    return calls;
  }
}

const functionAndArguments = ({ name, version, digest }: CallRecord): string =>
  [name, version ?? "", digest].join("\n");
