import { RecentMap } from "../adapter/recent-map.ts";
import type { SealContext } from "../ports/sealer.ts";
import type { Name } from "../ports/store.ts";
import { keyBytes } from "./keys.ts";
import { plainEntryName } from "./names.ts";
import type { Settings } from "./options.ts";

/** What an entry is bound to. */
export interface Address extends SealContext {
  readonly kind: "entries";
  /** Where it lies, unless it is sealed: the names of what is sealed change with the keys. */
  readonly name?: Name | undefined;
}

/** Most addresses that are remembered, and the longest key of one in UTF-16 units. */
const [MOST, LONGEST] = [8192, 256];

/** The addresses of a namespace's keys. To work one out takes a digest, so those asked for lately are kept. */
export class Addresses {
  readonly #settings: Pick<Settings, "namespace" | "seal">;
  readonly #recent = new RecentMap<string, Address>(MOST);

  constructor(settings: Pick<Settings, "namespace" | "seal">) {
    this.#settings = settings;
  }

  /** @throws TypeError unless the key is well-formed text of 1 to 4096 bytes of UTF-8 */
  of(key: string): Address {
    const known = this.#recent.get(key);
    if (known !== undefined) return known;
    const address = addressOf(this.#settings, keyBytes(key));
    if (key.length <= LONGEST) this.#recent.set(key, address);
    return address;
  }
}

/** The address of a key that is known by its bytes. */
export function addressOf({ namespace, seal }: Pick<Settings, "namespace" | "seal">, key: Uint8Array): Address {
  const context = { namespace, kind: "entries", key } as const;
  return seal === undefined ? { ...context, name: plainEntryName(context) } : context;
}
