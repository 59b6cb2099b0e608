import { randomUUID } from "node:crypto";
import { link, mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toHex } from "@cache/core/bytes";
import { encodeKeyring, Keyring } from "@cache/core/keyring";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { writeJson, writeLine } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { freshKey, keyringFileOf, noMore, shortId } from "./file.ts";

/** A link, unlike a rename, never takes the place of a file: no keyring is lost to a second `keys new`. */
async function createPrivate(path: string, text: string): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = join(directory, `.cache-${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** `cache keys new`. */
export async function newKeyring(invocation: Invocation, rest: readonly string[]): Promise<number> {
  noMore(rest);
  const path = await keyringFileOf(invocation);
  const key = freshKey(invocation.given.text("type"));
  try {
    await createPrivate(path, encodeKeyring(Keyring.of(key)));
  } catch (error) {
    const code = (error as { code?: string }).code ?? "";
    if (code === "EEXIST")
      throw new UsageError("the keyring file exists already", "add a key to it with cache keys add");
    throw new UsageError(`the keyring file cannot be made${code === "" ? "" : `: ${code}`}`);
  }
  if (invocation.given.flag("json")) await writeJson({ added: [toHex(key.id)] });
  else await writeLine(`made a keyring file with ${key.type} ${shortId(key.id)}`);
  return EXIT.ok;
}
