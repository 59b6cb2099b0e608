import type { CacheErrorCode, CacheEvent } from "@cache/core";
import { isCacheError, type Name, notify, parseName, type Store } from "@cache/core/adapter";
import { type MaintenanceOptions, verifyStore } from "@cache/core/maintenance";
import { type View, type ViewOptions, viewOf } from "./view.ts";

/** What a value is. `loose`: sealed with our keys, but what would say what it is, is not there; `gone`: not there. */
export type Verdict =
  | { readonly is: "sound" | "loose" | "gone" }
  | { readonly is: "damaged"; readonly code: CacheErrorCode; readonly quarantined: boolean }
  /** `failed`: it could not be looked at. */
  | { readonly is: "foreign" | "failed"; readonly code: CacheErrorCode };

/** What values are verified with. */
export interface JudgeOptions extends Pick<MaintenanceOptions, "seal" | "sign" | "onEvent" | "now"> {
  readonly store: Store;
  readonly quarantine: boolean;
  readonly signal: AbortSignal;
}

/** What one run of verification told. */
interface Run extends View {
  readonly holds: boolean;
  /** Whether what does not hold is damaged: of one thing and its note no more than one does not. */
  readonly damaged: boolean;
  readonly codes: ReadonlyMap<string, CacheErrorCode>;
  readonly quarantined: ReadonlySet<string>;
}

const isEntry = (name: Name): boolean => name.startsWith("entries/");
const noteOf = (thing: Name): Name => `notes/${parseName(thing).hex}`;
const keyOf = (kind: string, id: string): string => `${kind}/${id}`;
const shortOf = (name: Name): string => keyOf(parseName(name).kind, parseName(name).hex.slice(0, 16));

/** Says what values are, by what the verification of a whole store says of them. */
export class Judge {
  readonly #options: JudgeOptions;

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /**
   * The verdict on each of some values, and on others that were met on the way: content that an entry names, what a note
   * is about. Entries come first, since they vouch for sealed content, which tells nothing by itself.
   */
  async judge(names: readonly Name[]): Promise<Map<Name, Verdict>> {
    const verdicts = new Map<Name, Verdict>();
    const vouched = new Set<Name>();
    const add = (more: ReadonlyMap<Name, Verdict>): void => {
      // What an entry says of its content is more than that says of itself.
      for (const [name, verdict] of more) if (verdicts.get(name)?.is !== "damaged") verdicts.set(name, verdict);
    };
    for (const thing of [...thingsOf(names)].sort((one, other) => Number(isEntry(other)) - Number(isEntry(one)))) {
      add(await this.#unlessFailed([thing, noteOf(thing)], () => this.#verdictsOn(thing, vouched)));
    }
    for (const name of names) {
      if (!verdicts.has(name)) add(await this.#unlessFailed([name], () => this.#onLooseNote(name)));
    }
    return verdicts;
  }

  /** Looks through all entries for those that say what some sealed content is. Costs as much as there are entries. */
  async search(content: ReadonlySet<Name>): Promise<Map<Name, Verdict>> {
    const verdicts = new Map<Name, Verdict>();
    const { store, signal } = this.#options;
    for await (const { name } of store.list("entries", { signal })) {
      if (verdicts.size === content.size) break;
      const listed = [name];
      const run = await this.#run({ listed, content, removable: (each) => content.has(each) });
      for (const each of run.read) verdicts.set(each, verdictOn(run, each) ?? { is: "sound" });
    }
    return verdicts;
  }

  async #unlessFailed(
    names: readonly Name[],
    look: () => Promise<ReadonlyMap<Name, Verdict>>,
  ): Promise<ReadonlyMap<Name, Verdict>> {
    try {
      return await look();
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (!isCacheError(error)) throw error;
      const failed = { is: "failed", code: error.code } as const;
      return new Map(names.map((name) => [name, failed]));
    }
  }

  /** On a thing, its note and content that was met; nothing else when the thing is not there. */
  async #verdictsOn(thing: Name, vouched: Set<Name>): Promise<Map<Name, Verdict>> {
    const verdicts = new Map<Name, Verdict>();
    if ((await this.#options.store.stat(thing)) === undefined) return verdicts.set(thing, { is: "gone" });
    const note = noteOf(thing);
    const run = await this.#run({ listed: [thing, note], removable: () => true });
    for (const each of run.read) if (verdictOn(run, each) === undefined) vouched.add(each);
    const told = verdictOn(run, thing) ?? { is: run.holds || vouched.has(thing) ? "sound" : "loose" };
    verdicts.set(thing, told.is === "damaged" ? told : await this.#unlessGone(thing, told));
    const onNote = verdictOn(run, note) ?? this.#onNote(told);
    verdicts.set(note, onNote.is === "damaged" ? onNote : await this.#unlessGone(note, onNote));
    for (const each of run.read) verdicts.set(each, verdictOn(run, each) ?? { is: "sound" });
    return verdicts;
  }

  /** A note was read to find out what a thing is; how the thing then turned out is not the note's fault. */
  #onNote(thing: Verdict): Verdict {
    if (this.#options.seal === undefined) return { is: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" };
    return thing.is === "damaged" ? { is: "sound" } : thing;
  }

  async #onLooseNote(note: Name): Promise<Map<Name, Verdict>> {
    return new Map([[note, await this.#unlessGone(note, this.#onNote({ is: "loose" }))]]);
  }

  async #unlessGone(name: Name, verdict: Verdict): Promise<Verdict> {
    return (await this.#options.store.stat(name)) === undefined ? { is: "gone" } : verdict;
  }

  async #run(options: ViewOptions): Promise<Run> {
    const { store, seal, sign, now, onEvent, quarantine, signal } = this.#options;
    const quarantined = new Set<string>();
    const view = viewOf(store, { ...options, removable: (name) => quarantine && options.removable(name) });
    const listen = (event: CacheEvent): void => {
      if (event.type === "quarantined") quarantined.add(keyOf(event.plane, event.id));
      notify(onEvent, event);
    };
    const report = await verifyStore({ store: view.store, seal, sign, now, signal, onEvent: listen });
    const codes = new Map(report.problems.map(({ kind, id, code }) => [keyOf(kind, id), code]));
    const { ok, expired, missing, damaged } = report;
    return { ...view, codes, quarantined, damaged: damaged > 0, holds: ok + expired + missing > 0 };
  }
}

function verdictOn({ damaged, codes, quarantined }: Run, name: Name): Verdict | undefined {
  const short = shortOf(name);
  const code = codes.get(short);
  if (code === undefined) return undefined;
  return damaged ? { is: "damaged", code, quarantined: quarantined.has(short) } : { is: "foreign", code };
}

/** What is to be looked at for some names: a note says nothing but what a thing is, so it is looked at with that. */
function thingsOf(names: readonly Name[]): Set<Name> {
  return new Set(
    names.flatMap((name): Name[] => {
      const { kind, hex } = parseName(name);
      return kind === "notes" ? [`entries/${hex}`, `blobs/${hex}`] : [name];
    }),
  );
}
