import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { type OpenCacheOptions, openCache } from "@cache/config";
import { nearestConfig, trustConfig } from "@cache/config/trust";
import { createCache, isCacheError } from "@cache/core";
import { formatKey, SigningKey } from "@cache/core/keyring";
import { ed25519Signer } from "@cache/signer";
import { directory } from "../slots.ts";
import { tryAttack } from "./attack.ts";

/** Where a user works: in what came from somebody else, with settings of their own. */
interface Workplace {
  readonly home: string;
  readonly clone: string;
  readonly environment: Record<string, string>;
}

/** A program that opens the cache it finds configured where it is run. */
type Program = (place: Workplace) => Promise<unknown>;

const stranger = SigningKey.generate();

function workplace(): Workplace {
  const home = realpathSync(directory());
  const clone = join(home, "clone");
  mkdirSync(clone);
  return { home, clone, environment: { HOME: home } };
}

/** Entries that the stranger made, valid for whoever believes the stranger. */
async function poison(dir: string): Promise<void> {
  const cache = createCache({ store: fileStore(dir), sign: ed25519Signer({ identity: stranger }) });
  await cache.set("a", "poisoned");
}

const sign = { trusted: [formatKey(stranger.publicKey)] };

/** What a stranger puts into a repository, by what they are after. */
const PLANTED: Readonly<Record<string, (place: Workplace) => Promise<void>>> = {
  async "code that runs"({ clone, home }) {
    const mark = JSON.stringify(join(home, "mark"));
    const code = `import { writeFileSync } from "node:fs"; writeFileSync(${mark}, ""); export default {};`;
    writeFileSync(join(clone, "cache.config.mjs"), code);
  },
  async "keys to trust, and entries by them"({ clone }) {
    await poison(join(clone, "entries"));
    writeFileSync(join(clone, "cache.config.json"), JSON.stringify({ dir: "entries", sign }));
  },
  async "a directory of entries that nobody signed"({ clone }) {
    await createCache({ store: fileStore(join(clone, "entries")) }).set("a", "poisoned");
    writeFileSync(join(clone, "cache.config.json"), JSON.stringify({ dir: "entries" }));
  },
  async "other fields in a file that was trusted"({ clone, environment }) {
    const path = join(clone, "cache.config.json");
    writeFileSync(path, JSON.stringify({ namespace: "harmless" }));
    await trustConfig(path, environment);
    await poison(join(clone, "entries"));
    writeFileSync(path, JSON.stringify({ dir: "entries", sign }));
  },
  async "a configuration in the directory above"({ clone }) {
    await poison(join(clone, "entries"));
    writeFileSync(join(clone, "cache.config.json"), JSON.stringify({ dir: "entries", sign }));
    mkdirSync(join(clone, "packages/deep"), { recursive: true });
  },
};

async function outcomeOf(place: Workplace, use: Program): Promise<string> {
  try {
    return `read ${await use(place)}`;
  } catch (error) {
    return isCacheError(error) ? error.code : String(error);
  }
}

for (const [what, plant] of Object.entries(PLANTED)) {
  tryAttack<Program>({
    title: `A23: a malicious configuration in the working directory brings ${what}`,
    async run(use) {
      const place = workplace();
      await plant(place);
      const deep = join(place.clone, "packages/deep");
      const answer = await outcomeOf({ ...place, clone: existsSync(deep) ? deep : place.clone }, use);
      if (existsSync(join(place.home, "mark"))) return "succeeded: code of a stranger was run";
      if (answer.includes("poisoned")) return "succeeded: an entry of a stranger was believed";
      // Going on without a word would leave out what the file may have been trusted for.
      return answer === "ERR_CACHE_UNTRUSTED" ? "stopped" : `succeeded: ${answer}`;
    },
    ours: {
      "opened by openCache": () => (place) => readA({ cwd: place.clone, environment: place.environment }),
      "opened by openCache, where the user has settings": () => (place) => {
        mkdirSync(join(place.home, ".config/cache"), { recursive: true, mode: 0o700 });
        writeFileSync(join(place.home, ".config/cache/config.json"), JSON.stringify({ require: ["sign"] }));
        return readA({ cwd: place.clone, environment: place.environment });
      },
    },
    weak: {
      "a program that uses the nearest configuration": () => (place) => {
        const file = nearestConfig(place.clone, place.environment);
        return readA({ cwd: place.clone, environment: place.environment, file });
      },
      "a program that ignores what is not trusted": () => (place) =>
        readA({ cwd: place.clone, environment: place.environment, search: false }),
    },
  });
}

async function readA(options: OpenCacheOptions): Promise<unknown> {
  await using cache = await openCache(undefined, options);
  return cache.get("a");
}

/** What a stranger puts into a user's cache, where the user demands signatures. */
tryAttack<Program>({
  title: "A23: a trusted configuration that leaves out the signatures its user demands",
  async run(use) {
    const place = workplace();
    mkdirSync(join(place.home, ".config/cache"), { recursive: true, mode: 0o700 });
    writeFileSync(join(place.home, ".config/cache/config.json"), JSON.stringify({ require: ["sign"] }));
    const path = join(place.clone, "cache.config.json");
    await createCache({ store: fileStore(join(place.clone, "entries")) }).set("a", "poisoned");
    writeFileSync(path, JSON.stringify({ dir: "entries", require: [] }));
    await trustConfig(path, place.environment);
    const answer = await outcomeOf(place, use);
    return answer === "ERR_CACHE_CONFIG" ? "stopped" : `succeeded: ${answer}`;
  },
  ours: { "opened by openCache": () => (place) => readA({ cwd: place.clone, environment: place.environment }) },
  weak: {
    "a program that knows the nearest file only": () => (place) =>
      readA({ environment: { HOME: join(place.home, "nobody") }, file: join(place.clone, "cache.config.json") }),
  },
});
