import { lstatSync } from "node:fs";
import { type Draft, type Name, type PutResult, parseName, type Store } from "@cache/core/adapter";
import { removeValue } from "../remove.ts";
import type { StoreRoot } from "../root.ts";
import { type Amount, costOf, NOTHING } from "./limits.ts";
import type { Room } from "./room.ts";

/** The calls that change how much there is. */
type Changing = Pick<Store, "put" | "putStream" | "delete">;

/** The same calls, which keep account of what they change, and refuse what could never be kept. */
export function limited(root: StoreRoot, { put, putStream }: Omit<Changing, "delete">, room: Room): Changing {
  const account = async (result: PutResult, put: Amount, before: Amount): Promise<PutResult> => {
    if (result.written) {
      await room.changed({ bytes: put.bytes - before.bytes, entries: put.entries - before.entries });
    }
    return result;
  };
  return {
    async put(name, bytes, options) {
      room.admit(bytes?.byteLength);
      const after = amountOf(name, bytes?.byteLength);
      const before = options?.ifAbsent === true ? NOTHING : amountAt(root, room, name);
      return await account(await put(name, bytes, options), after, before);
    },
    async putStream(draft, options) {
      const measured = measure(draft, room);
      let [before, after] = [NOTHING, NOTHING];
      const { headLength, body } = measured;
      const finish: Draft["finish"] = () => {
        const finished = draft.finish();
        after = amountOf(finished.name, measured.length);
        if (options?.ifAbsent !== true) before = amountAt(root, room, finished.name);
        return finished;
      };
      return await account(await putStream({ headLength, body, finish }, options), after, before);
    },
    async delete(name, options) {
      const { bytes, entries } = amountAt(root, room, name);
      if (!(await removeValue(root, name, options))) return;
      // What is set aside still takes its room.
      await room.changed({ bytes: options?.quarantine === true ? 0 : -bytes, entries: -entries });
    },
  };
}

const amountOf = (name: Name, length: number): Amount => ({
  bytes: costOf(length),
  entries: name?.startsWith("notes/") ? 0 : 1,
});

/** What a value takes that is about to be replaced or removed. An estimate: nobody keeps a put from coming between. */
function amountAt(root: StoreRoot, room: Room, name: Name): Amount {
  const place = parseName(name);
  try {
    const path = root.look()?.fanOuts.find(place);
    const found = path === undefined ? undefined : lstatSync(path, { throwIfNoEntry: false });
    return found?.isFile() && room.counts(found.size) ? amountOf(name, found.size) : NOTHING;
  } catch {
    // Whatever keeps us from looking is the call's to meet, and to tell.
    return NOTHING;
  }
}

/** A draft whose length is known when its body has been read, and which fails as soon as it is too long. */
function measure({ headLength, body }: Draft, room: Room): Omit<Draft, "finish"> & { readonly length: number } {
  let length = headLength;
  async function* measured(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of body) {
      length += piece?.byteLength;
      room.admit(length);
      yield piece;
    }
  }
  return {
    headLength,
    body: measured(),
    get length() {
      return length;
    },
  };
}
