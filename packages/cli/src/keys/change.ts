import { toHex } from "@cache/core/bytes";
import { type Keyring, promoteKey, removeKey, retireKey, revokeKey } from "@cache/core/keyring";
import { updateKeyringFile } from "@cache/core/keyring-file";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { keyringFileOptions } from "../keyring-source.ts";
import { writeJson, writeLine } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { findKey, keyringFileOf, noMore, shortId } from "./file.ts";

type Action = (invocation: Invocation, rest: readonly string[]) => Promise<number>;

function changing(done: string, change: (keyring: Keyring, id: Uint8Array) => Keyring): Action {
  return async (invocation, [prefix, ...rest]) => {
    noMore(rest);
    let changed = new Uint8Array();
    const changeOne = (keyring: Keyring): Keyring => {
      const { id, status } = findKey(keyring, prefix);
      if (status === "revoked" && (done === "promoted" || done === "retired"))
        throw new UsageError("the key is revoked, for good");
      changed = id.slice();
      return change(keyring, changed);
    };
    const path = await keyringFileOf(invocation);
    await updateKeyringFile(path, changeOne, await keyringFileOptions(invocation, path));
    await (invocation.given.flag("json")
      ? writeJson({ id: toHex(changed) })
      : writeLine(`${done} ${shortId(changed)}`));
    return EXIT.ok;
  };
}

/** `cache keys promote`. */
export const promote: Action = changing("promoted", promoteKey);
/** `cache keys retire`. */
export const retire: Action = changing("retired", retireKey);
/** `cache keys revoke`. */
export const revoke: Action = changing("revoked", revokeKey);
/** `cache keys remove`. */
export const remove: Action = changing("removed", removeKey);
