import { scanEntries } from "../maintenance/scan.ts";
import type { CallOptions } from "../ports/store.ts";
import { addressOf } from "./addresses.ts";
import { deleteAllNoted } from "./catalog.ts";
import { isForeign } from "./foreign.ts";
import { namesOf } from "./names.ts";
import type { Settings } from "./options.ts";

/** Removes every entry of a namespace that these keys can tell to be of it. */
export async function clearNamespace(settings: Settings, options?: CallOptions): Promise<void> {
  // While keys rotate, whoever seals entries again may move one from where this has not looked yet to where it has. Each moves
  // once, so the second time all of them lie still.
  const rotating = namesOf(settings, addressOf(settings, new Uint8Array(1))).length > 1;
  await clearOnce(settings, options);
  if (rotating) await clearOnce(settings, options);
}

async function clearOnce(settings: Settings, options?: CallOptions): Promise<void> {
  const { rollback, namespace, now } = settings;
  for await (const { listed, entry } of scanEntries(settings, options)) {
    if (entry?.namespace !== namespace) continue;
    const context = addressOf(settings, entry.key);
    if (await isForeign(settings, listed.name, entry.key, options)) {
      await rollback?.deletesSeen(context, now());
      continue;
    }
    await rollback?.deletes(context, now());
    const names = new Set([...namesOf(settings, context), listed.name]);
    await deleteAllNoted(settings, [...names], options);
  }
}
