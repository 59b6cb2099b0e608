import { toHex } from "@cache/core/bytes";
import { formatKey, type KeyEntry, type Keyring } from "@cache/core/keyring";
import { readKeyringFile } from "@cache/core/keyring-file";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { keyringFileOptions } from "../keyring-source.ts";
import { writeJson, writeLine } from "../output.ts";
import { keyringFileOf, noMore, shortId } from "./file.ts";

/** Only public keys have a text that may be shown. */
function publicText({ key }: KeyEntry): string | undefined {
  if (key?.type === "ed25519-public") return formatKey(key);
  return key?.type === "ed25519-secret" ? formatKey(key.publicKey) : undefined;
}

const isPrimary = ({ primary, primarySigner }: Keyring, { key }: KeyEntry): boolean =>
  key !== undefined && (key === primary || key === primarySigner);

/** Milliseconds since 1970 UTC, as in all output for programs; the file has text. */
const timeOf = (date: string | undefined): number | undefined => (date === undefined ? undefined : Date.parse(date));

/** `cache keys list`. */
export async function listKeys(invocation: Invocation, rest: readonly string[]): Promise<number> {
  noMore(rest);
  const path = await keyringFileOf(invocation);
  const keyring = await readKeyringFile(path, await keyringFileOptions(invocation, path));
  const { generation, entries } = keyring;
  if (invocation.given.flag("json")) {
    const keys = entries.map((entry) => {
      const { id, type, status, created, revoked } = entry;
      return {
        id: toHex(id),
        type,
        status,
        primary: isPrimary(keyring, entry),
        created: timeOf(created),
        revoked: timeOf(revoked),
        public: publicText(entry),
      };
    });
    await writeJson({ generation, keys });
    return EXIT.ok;
  }
  for (const entry of entries) {
    const state = isPrimary(keyring, entry) ? "primary" : entry.status;
    await writeLine(
      `${shortId(entry.id)}  ${entry.type.padEnd(15)} ${state.padEnd(8)} ${publicText(entry) ?? ""}`.trimEnd(),
    );
  }
  return EXIT.ok;
}
