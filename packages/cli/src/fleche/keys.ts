import { CacheError } from "@cache/core";
import { fromUtf8 } from "@cache/core/bytes";
import { readPrivateFile } from "@cache/core/keyring-file";
import { type HmacRawKey, parseSecretKeys, type SecretKeyOptions } from "@cache/signer/trailing";
import type { Invocation, Options } from "../command.ts";
import { permissionsOf } from "../keyring-source.ts";
import { note } from "../output.ts";
import { UsageError } from "../usage-error.ts";

/** Where keys of fleche come from. None is looked at unless it is named. */
export const KEY_OPTIONS: Options = {
  "secret-key-env": { type: "boolean", help: "take the keys from FLECHE_SECRET_KEY" },
  "secret-key-file": { type: "string", value: "FILE", help: "file with such keys, private to you" },
  "fleche-config": { type: "string", value: "FILE", help: "fleche.toml with such keys as secret_key, private to you" },
  "fleche-key-encoding": {
    type: "string",
    value: "HOW",
    help: "hex, or utf8 for files of versions whose keys were text",
  },
  "allow-weak-keys": { type: "boolean", help: "verify with keys of fewer than 16 bytes, too" },
};

/** The text of a private file. */
function textIn(path: string, called: string, invocation: Invocation): string {
  const bytes = readPrivateFile(path, { ...permissionsOf(invocation), called });
  try {
    return fromUtf8(bytes).replace(/^\ufeff/, "");
  } catch {
    throw new CacheError("ERR_CACHE_KEY_FORMAT", `${called} is not UTF-8 text`);
  } finally {
    bytes.fill(0);
  }
}

/** Whether any key of fleche was named. */
export function namesKeys({ given }: Invocation): boolean {
  return (
    ["secret-key-file", "fleche-config"].some((name) => given.text(name) !== undefined) || given.flag("secret-key-env")
  );
}

/** The key list of the one source that was named. */
async function keyText(invocation: Invocation): Promise<string> {
  const { given, environment } = invocation;
  const file = given.text("secret-key-file");
  const config = given.text("fleche-config");
  if ([given.flag("secret-key-env"), file !== undefined, config !== undefined].filter(Boolean).length > 1)
    throw new CacheError("ERR_CACHE_CONFIG", "keys of fleche come from one source, not from two");
  if (file !== undefined) return textIn(file, "the file of keys", invocation).replace(/\r?\n$/, "");
  if (config !== undefined) {
    const { secretKeysIn } = await import("./config-keys.ts");
    return secretKeysIn(textIn(config, "the configuration of fleche", invocation));
  }
  if (!given.flag("secret-key-env"))
    throw new UsageError(
      "no keys of fleche are named: without them nothing can be verified",
      "give --secret-key-env, --secret-key-file FILE or --fleche-config FILE",
    );
  if (environment.flecheSecretKey === undefined)
    throw new CacheError("ERR_CACHE_CONFIG", "FLECHE_SECRET_KEY is not set");
  return environment.flecheSecretKey;
}

function keyOptions({ given }: Invocation): SecretKeyOptions {
  const encoding = given.text("fleche-key-encoding") ?? "hex";
  if (encoding !== "hex" && encoding !== "utf8") throw new UsageError("--fleche-key-encoding is hex or utf8");
  return { encoding, allowWeak: given.flag("allow-weak-keys") };
}

/**
 * The keys that files of fleche are verified with.
 * @throws UsageError when none is named; CacheError for a source that cannot be used: nothing is verified with fewer keys
 */
export async function flecheKeys(invocation: Invocation): Promise<readonly HmacRawKey[]> {
  const options = keyOptions(invocation);
  const keys = parseSecretKeys(await keyText(invocation), options);
  keys.forEach(({ strength }, index) => {
    if (strength !== "full") note(`key ${index} of fleche is ${strength}: fewer than 32 bytes, so others may guess it`);
  });
  return keys;
}
