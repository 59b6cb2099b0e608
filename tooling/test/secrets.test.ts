import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { searchSecrets } from "../secrets/search.mjs";

const key = randomBytes(32);

/** What a run would have left. */
function folderWith(printed: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cache-secrets-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "1.keys"), `${key.toString("hex")}\n`);
  writeFileSync(join(folder, "2.printed"), printed);
  return folder;
}

const shown: Readonly<Record<string, string>> = {
  hexadecimal: `key: ${key.toString("hex")}.`,
  base64: `{"key":"${key.toString("base64")}"}`,
  base64url: key.toString("base64url"),
  "an inspected array": inspect(new Uint8Array(key)),
  "a list of numbers": JSON.stringify([...key]),
  "a part of it, in a longer text": `ab${key.toString("hex").slice(0, 30)}cd`,
};

it.each(Object.entries(shown))("a key that was made is found in what was printed as %s", (_, text) => {
  expect(searchSecrets(folderWith(text), "").found).not.toEqual([]);
  expect(searchSecrets(folderWith(""), text).found).not.toEqual([]);
});

it("a key in its native form is found whoever made it, and told without itself", () => {
  const native = `cachek1.master.${randomBytes(36).toString("base64url")}`;
  const { found } = searchSecrets(folderWith(""), `the key is ${native}`);
  expect(found).toEqual(["…the key is "]);
});

it("other keys and other text are no find", () => {
  const text = `${randomBytes(32).toString("hex")} ${randomBytes(32).toString("base64")} ${inspect(randomBytes(32))}`;
  expect(searchSecrets(folderWith(text), text)).toMatchObject({ keys: 1, found: [] });
});

it("in a run of tests, keys that are made and what programs print are recorded", () => {
  const folder = process.env["TEST_SECRETS"];
  // Only a whole run records; it is the one that searches.
  if (folder === undefined) return;
  const marker = randomBytes(8).toString("hex");
  spawnSync(process.execPath, ["-e", `console.log("${marker}")`]);
  expect(readFileSync(join(folder, `${process.pid}.printed`), "latin1")).toContain(marker);
  expect(existsSync(join(folder, `${process.pid}.keys`))).toBe(true);
});
