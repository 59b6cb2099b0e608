import { toHex } from "../bytes/hex.ts";
import { blobsOf } from "../cache/blobs.ts";
import { needsOf } from "../cache/metadata.ts";
import type { Settings } from "../cache/options.ts";
import { UnderWay } from "../cache/under-way.ts";
import { refusalOf } from "../cache/verdicts.ts";
import { formOf } from "../content/content.ts";
import type { CallOptions } from "../ports/store.ts";
import type { Statement } from "../record/statement.ts";

/** Whether all that an entry needs besides its value lies there. That it holds is found out where content is verified. */
export async function hasNeeded(settings: Settings, statement: Statement, options?: CallOptions): Promise<boolean> {
  const form = formOf(settings);
  for (const digest of needsOf(statement)) {
    const found = form.names(digest).map((name) => settings.store.stat(name, options));
    if ((await Promise.all(found)).every((stat) => stat === undefined)) return false;
  }
  return true;
}

/** Brings what entries need besides their values from one cache to another, each once. */
export class NeededContent {
  readonly #brought = new Set<string>();

  /** @returns whether all of it is there now; what does not hold is not brought */
  async bring(from: Settings, to: Settings, statement: Statement, options?: CallOptions): Promise<boolean> {
    for (const digest of needsOf(statement).map(toHex)) {
      const id = `${digest} ${from.namespace}`;
      if (this.#brought.has(id)) continue;
      if (!(await bringOne(from, to, digest, options))) return false;
      this.#brought.add(id);
    }
    return true;
  }
}

async function bringOne(from: Settings, to: Settings, digest: string, options?: CallOptions): Promise<boolean> {
  try {
    const content = await blobsOf(from, new UnderWay()).open(digest, { ...options, orMiss: false });
    if (content === undefined) return false;
    await blobsOf(to, new UnderWay()).put(content, { ...options, orMiss: false });
    return true;
  } catch (error) {
    refusalOf(error);
    return false;
  }
}
