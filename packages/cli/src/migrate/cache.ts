import { type FileStore, fileStore } from "@cache/cas";
import { createCache, type Lookup, readOnly, type Sealer, type Signer } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { type EntryReport, listEntries } from "@cache/core/maintenance";
import type { Report, Row } from "../foreign/report.ts";
import { take } from "../foreign/take.ts";
import type { Session } from "../session.ts";
import { asStored } from "./as-stored.ts";
import { removeContent, takeContent } from "./content.ts";
import type { Plan } from "./plan.ts";
import type { Risks } from "./risks.ts";

/** What reads an entry. */
interface Slots {
  /** Absent: it lies there in plain text. */
  readonly seal?: Sealer | undefined;
  /** Absent: it is signed by nobody. */
  readonly sign?: Signer | undefined;
}

/** An entry that lacks a seal, or a signature. */
interface BareEntry extends EntryReport, Slots {}

/** What may read such an entry, of what is configured: without a signature, and without a seal. */
function bareSlots({ seal, sign }: Slots): Slots[] {
  const more = [{ sign }, { seal }].filter((each) => Object.values(each)[0] !== undefined);
  return [{}, ...more];
}

const nameOf = ({ namespace, key }: EntryReport): string => (namespace === "" ? key : `${namespace}/${key}`);

/**
 * A directory of this very kind that is not signed, or not sealed. What is sealed, or signed by keys that were not given, is
 * somebody's who knows how to read it, and is left. So is what is damaged, which is for `cache verify`.
 */
export class CachePlan implements Plan {
  readonly layout = "cache";
  readonly #store: FileStore;
  readonly #seals: boolean;
  readonly #bare: readonly BareEntry[];

  private constructor(store: FileStore, seals: boolean, bare: readonly BareEntry[]) {
    this.#store = store;
    this.#seals = seals;
    this.#bare = bare;
  }

  /** Looks through the entries, by the configured keys. */
  static async of(directory: string, { protection }: Session): Promise<CachePlan> {
    const store = fileStore(directory);
    const bare: BareEntry[] = [];
    for (const { seal, sign } of bareSlots(protection)) {
      // As a reader does it: looking sets nothing aside.
      for await (const entry of listEntries({ store: readOnly(store), seal, sign }))
        if (entry.state === "ok" || entry.state === "ERR_CACHE_EXPIRED") bare.push({ ...entry, seal, sign });
    }
    return new CachePlan(store, protection.seal !== undefined || protection.sign === undefined, bare);
  }

  get values(): number {
    return this.#bare.length;
  }

  async inspect(risks: Risks): Promise<void> {
    for (const entry of this.#bare) {
      if (entry.sign === undefined) risks.add("unsigned", nameOf(entry));
      if (entry.seal === undefined && this.#seals) risks.add("unsealed", nameOf(entry));
    }
  }

  async take(session: Session, report: Report, dryRun: boolean): Promise<void> {
    const done = new Set<string>();
    for (const entry of this.#unsafe()) {
      const found = await this.#read(entry);
      if (found.state === "hit") done.add(toHex(crypto.sha256(found.value)));
      await report.tell({ name: nameOf(entry), ...(await this.#takeOne(session, entry, found, dryRun)) });
    }
    if (this.#seals) await takeContent(this.#store, session, done, report, dryRun);
  }

  async #takeOne(
    { store, protection: { seal, sign } }: Session,
    { namespace, key, codec = "", expires }: BareEntry,
    found: Lookup<Uint8Array>,
    dryRun: boolean,
  ): Promise<Omit<Row, "name">> {
    if (found.state === "rejected") return { outcome: "damaged", code: found.code };
    if (found.state !== "hit") return { outcome: found.state };
    const into = dryRun ? readOnly(store) : store;
    const cache = createCache({ store: into, seal, sign, namespace, codec: asStored(codec) });
    const ttl = expires === undefined ? undefined : Math.max(1, expires - Date.now());
    const replaces = store.directory === this.#store.directory;
    return { outcome: await take(cache, key, found.value, { dryRun, ttl, replaces }) };
  }

  /** As its own reader does it. */
  #read({ namespace, key, codec = "", seal, sign }: BareEntry): Promise<Lookup<Uint8Array>> {
    return createCache({ store: readOnly(this.#store), seal, sign, namespace, codec: asStored(codec) }).lookup(key);
  }

  async remove(report: Report, dryRun: boolean): Promise<void> {
    for (const entry of this.#unsafe()) {
      const { namespace, key, seal } = entry;
      // Without a signer: one that only reads would delete nothing.
      if (!dryRun) await createCache({ store: this.#store, seal, namespace }).delete(key);
      await report.tell({ name: nameOf(entry), outcome: "removed" });
    }
    if (this.#seals) await removeContent(this.#store, report, dryRun);
  }

  /** What is signed is unsafe only where the configured cache would have sealed it. */
  #unsafe(): BareEntry[] {
    return this.#bare.filter(({ seal, sign }) => sign === undefined || (seal === undefined && this.#seals));
  }
}
