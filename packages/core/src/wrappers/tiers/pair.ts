import { storeError } from "../../adapter/store-error.ts";
import type {
  CallOptions,
  DeleteOptions,
  Draft,
  GetOptions,
  Kind,
  Listed,
  Name,
  PutOptions,
  PutResult,
  RangeOptions,
  Stat,
  Store,
} from "../../ports/store.ts";
import { disposeAll } from "../dispose.ts";
import { NameLocks } from "../name-locks.ts";
import { NamedDraft } from "../named-draft.ts";
import { Doubts } from "./doubts.ts";
import type { Patient } from "./patience.ts";

/** Two versions as one. */
const joinVersions = (near: Stat | undefined, far: Stat | undefined): string =>
  JSON.stringify([near?.version ?? null, far?.version ?? null]);

/** A store in front of another: what is put goes to the far one first, which decides. */
export class Pair implements Store, AsyncDisposable {
  readonly #near: Patient;
  readonly #far: Store;
  readonly #locks = new NameLocks();
  /** Names whose change did not reach the near store. */
  readonly #doubts = new Doubts();

  constructor(near: Patient, far: Store) {
    this.#near = near;
    this.#far = far;
  }

  get(name: Name, options?: GetOptions): Promise<Uint8Array | undefined> {
    if (options?.origin === true) return this.#far.get(name, options);
    return this.#locks.read(name, async (copy) => {
      const near = await this.#nearly(name, () => this.#near.get(name, options));
      if (near !== undefined) return near;
      const far = await this.#far.get(name, options);
      if (far !== undefined) await copy(() => this.#fill(name, far));
      return far;
    });
  }

  async open(name: Name, options?: RangeOptions): Promise<AsyncIterable<Uint8Array> | undefined> {
    const near = await this.#nearly(name, () => this.#near.open(name, options));
    return near ?? (await this.#far.open(name, options));
  }

  /** What the near store has, unless that may be old. */
  async #nearly<T>(name: Name, read: () => Promise<T | undefined>): Promise<T | undefined> {
    return this.#doubts.has(name) ? undefined : read();
  }

  put(name: Name, bytes: Uint8Array, options?: PutOptions): Promise<PutResult> {
    // Taken now: the caller may reuse its buffer while the far store is at work.
    const own = new Uint8Array(bytes);
    return this.#locks.change(name, async () => {
      const result = await this.#far.put(name, own, options);
      if (result.written) await this.#renew(name, own, options);
      return result;
    });
  }

  async putStream(draft: Draft, options?: PutOptions): Promise<PutResult> {
    const named = new NamedDraft(draft);
    const result = await this.#far.putStream(named, options);
    const { name } = named;
    if (result.written && name !== undefined) await this.#locks.change(name, () => this.#drop(name));
    return result;
  }

  async stat(name: Name, options?: CallOptions): Promise<Stat | undefined> {
    const [near, far] = await Promise.all([
      this.#nearly(name, () => this.#near.stat(name, options)),
      this.#far.stat(name, options),
    ]);
    const version = joinVersions(near, far);
    if (far !== undefined) return { ...far, version };
    // What only a copy has is as good as old: nobody may leave out a put because of it.
    return near && { ...near, modified: 0, version };
  }

  delete(name: Name, options: DeleteOptions = {}): Promise<void> {
    const { ifVersion, ...rest } = options;
    const [near, far] = ifVersion === undefined ? [undefined, undefined] : splitVersions(ifVersion);
    return this.#locks.change(name, async () => {
      // The far one first: a reader in between must not find it there and copy it back to where it was just deleted.
      // Where both have it, who judged the bytes saw the near ones: far ones that differ were put since and stay.
      const judged = typeof near !== "string" || typeof far !== "string" || (await this.#agree(name, rest));
      if (far !== null && judged) await this.#far.delete(name, { ...rest, ifVersion: far });
      if (near !== null) await this.#forget(name, { ...rest, ifVersion: near });
    });
  }

  /** What could not be removed is at least not read again. */
  async #forget(name: Name, options: DeleteOptions): Promise<void> {
    try {
      await this.#near.delete(name, options);
    } catch (error) {
      if (!this.#near.required) this.#doubts.add(name);
      throw error;
    }
  }

  async *list(kind: Kind, options?: CallOptions): AsyncGenerator<Listed> {
    yield* this.#far.list(kind, options);
    for await (const listed of this.#near.list(kind, options)) {
      if ((await this.#far.stat(listed.name, options)) === undefined) yield listed;
    }
  }

  /** Whether both stores hold the same bytes under a name. */
  async #agree(name: Name, options: CallOptions): Promise<boolean> {
    const near = await this.#near.get(name, options);
    const stat = await this.#far.stat(name, options);
    if (near === undefined || stat === undefined) return true;
    if (near.byteLength !== stat.size) return false;
    const far = await this.#far.get(name, options);
    return far === undefined || near.every((byte, at) => byte === far[at]);
  }

  async #fill(name: Name, bytes: Uint8Array): Promise<void> {
    if (this.#near.rests) return;
    const isDoubtful = this.#doubts.has(name);
    try {
      await this.#near.put(name, bytes, { ifAbsent: !isDoubtful });
      this.#doubts.settle(name);
    } catch {
      // The near store is a convenience here: the caller has its bytes from the far one.
    }
  }

  /** Brings the near store up to date; where it cannot take the bytes it must at least not keep the old ones. */
  async #renew(name: Name, bytes: Uint8Array, options: PutOptions | undefined): Promise<void> {
    if (this.#near.rests) return this.#doubt(name);
    try {
      await this.#near.put(name, bytes, { keepUntil: options?.keepUntil });
      this.#doubts.settle(name);
    } catch (error) {
      // Such as for one that is too large for it.
      await this.#drop(name, error);
    }
  }

  /**
   * Removes what the near store has, or else reads past it from now on.
   * @param why - it did not take something newer
   */
  async #drop(name: Name, why?: unknown): Promise<void> {
    if (this.#near.rests) return this.#doubt(name, why);
    try {
      await this.#near.delete(name);
      this.#doubts.settle(name);
    } catch (error) {
      this.#doubt(name, error);
    }
  }

  #doubt(name: Name, error?: unknown): void {
    if (this.#near.required) throw storeError("removing an older copy", error);
    this.#doubts.add(name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return disposeAll([this.#near, this.#far]);
  }
}

/** `null` where that store had nothing. A text that is no joined version matches nothing. */
function splitVersions(version: string): [string | null, string | null] {
  try {
    const [near, far] = JSON.parse(version) as [unknown, unknown];
    return [typeof near === "string" ? near : null, typeof far === "string" ? far : null];
  } catch {
    return [null, null];
  }
}
