import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultCacheDirectory, fileStore, monotonicStore } from "@cache/cas";
import { utf8 } from "@cache/core/bytes";
import { answer, answerLater, promise, same, textOf } from "../promises.mjs";
import { internal } from "../target.mjs";
import { temporaryFolder } from "../temporary.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/cas/src/limits/ledger-text.ts")} */
const { changeLine, firstLine, readChanges, readFirst } = await internal("cas/limits/ledger-text");
/** @type {typeof import("../../../packages/cas/src/ephemeral/marker.ts")} */
const { isOfThisMachine, readMarker, writeMarker } = await internal("cas/ephemeral/marker");
/** @type {typeof import("../../../packages/cas/src/layout.ts")} */
const { readLayout } = await internal("cas/layout");

const folder = temporaryFolder("directory");
const NAME = /** @type {const} */ (`blobs/${"0".repeat(64)}`);

/** @type {Target} */
const layout = {
  name: "layout",
  covers: ["readLayout"],
  seeds: () => [1, 2].map((levels) => utf8(`${JSON.stringify({ version: 1, levels })}\n`)),
  async run(bytes) {
    const path = join(folder, "layout");
    writeFileSync(path, bytes);
    const levels = answer(["ERR_CACHE_LAYOUT"], () => readLayout(path)).value;
    promise(
      levels === undefined || same(utf8(`${JSON.stringify({ version: 1, levels })}\n`), bytes),
      "one layout has one form",
    );
  },
};

const COUNT = { id: "0a".repeat(16), total: { bytes: 12_345, entries: 3 }, counted: 1_700_000_000_000 };
const store = fileStore(join(folder, "store"), { maxBytes: "1MB" });
await store.put(NAME, new Uint8Array(10));

/** @type {Target} */
const ledger = {
  name: "ledger",
  covers: ["readFirst", "readChanges"],
  seeds: () => [
    utf8(firstLine(COUNT) + changeLine({ bytes: 4096, entries: 1 }) + changeLine({ bytes: -8192, entries: -2 })),
  ],
  // A ledger is read into memory for the longest there may be.
  room: (length) => 3_000_000 + 64 * length,
  async run(bytes) {
    const first = readFirst(bytes);
    if (first !== undefined) {
      const { total, counted } = first.count;
      promise(
        [total.bytes, total.entries, counted].every((each) => Number.isSafeInteger(each) && each >= 0),
        "a count is whole",
      );
    }
    const rest = readChanges(bytes.subarray(first?.length ?? 0));
    promise(rest === undefined || Number.isFinite(rest.change.bytes + rest.change.entries), "changes have a sum");
    writeFileSync(join(folder, "store", "v1", "ledger"), bytes);
    await store.put(NAME, new Uint8Array(10));
    promise((await store.get(NAME))?.length === 10, "no ledger takes away what a put has just stored");
  },
};

/** @type {Target} */
const marker = {
  name: "marker",
  covers: ["readMarker"],
  seeds: () => {
    const place = mkdtempSync(join(folder, "marked-"));
    writeMarker(place, true);
    return ['{"pid":1,"host":"here","boot":"0","announced":true}\n', "{}", "null", '{"host":1}'].map(utf8);
  },
  dictionary: ['"pid":', '"host":', '"boot":', '"announced":', "true", "null", '"__proto__":'],
  run(bytes) {
    writeFileSync(join(folder, "owner"), bytes);
    const read = readMarker(folder);
    promise(read !== undefined, "what is there is not absent");
    if (typeof read === "object")
      promise(!isOfThisMachine({ ...read, boot: undefined }) || read.host.length > 0, "a machine has a name");
  },
};

const SCOPE = new Uint8Array(32).fill(1);
const HEX = Buffer.from(SCOPE).toString("hex");
const seen = monotonicStore(join(folder, "seen"));
const place = join(folder, "seen", "v1", HEX.slice(0, 2), HEX);
await seen.advance(SCOPE, { sequence: 1, digest: SCOPE });

/** What was seen, in a file whose name and content come from the input. @type {Target} */
const monotonic = {
  name: "monotonic",
  covers: [],
  most: 200,
  seeds: () =>
    [1, 255, Number.MAX_SAFE_INTEGER].map((sequence) => utf8(`${sequence.toString(16).padStart(16, "0")}${HEX}`)),
  dictionary: ["ffffffffffffffff", "0020000000000000", "001fffffffffffff", HEX],
  async run(bytes) {
    const name = (textOf(bytes) ?? "").slice(0, 16);
    if (name === "" || /[/\0]/.test(name) || /^\.\.?$/.test(name)) return;
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place, { recursive: true, mode: 0o700 });
    writeFileSync(join(place, name), bytes.subarray(16));
    const { value, code } = await answerLater(["ERR_CACHE_STORE"], () => seen.get(SCOPE));
    promise(code !== undefined || value === undefined || Number.isSafeInteger(value.sequence), "a sequence is whole");
    promise(
      value === undefined || Buffer.from(value.digest).toString("hex") === textOf(bytes.subarray(16)),
      "a digest is what was kept",
    );
  },
};

/** Files that somebody put among the values. @type {Target} */
const fileNames = {
  name: "file-names",
  covers: [],
  most: 120,
  seeds: () => [NAME.slice(6), `blobs-${NAME.slice(6)}-${"0".repeat(32)}`, `${"f".repeat(64)}.tmp`].map(utf8),
  async run(bytes) {
    const name = textOf(bytes) ?? "";
    if (name === "" || bytes.length > 200 || /[/\0]/.test(name) || /^\.\.?$/.test(name)) return;
    const places = [join(folder, "store", "v1", "blobs", "00"), join(folder, "store", "v1", "quarantine")];
    for (const each of places) writeFileSync(join(each, name), "");
    for await (const listed of store.list("blobs"))
      promise(/^blobs\/00[0-9a-f]{62}$/.test(listed.name), "nothing but values is listed");
    for await (const each of store.maintenance.quarantined())
      promise(/^(?:(?:blobs|entries|notes)\/[0-9a-f]{64}|undefined)$/.test(String(each.name)), "a name is one or none");
    for (const each of places) rmSync(join(each, name), { force: true });
    promise(
      places.every((each) => readdirSync(each).length < 3),
      "nothing is left",
    );
  },
};

/** @type {Target} */
const directories = {
  name: "default-directory",
  covers: ["defaultCacheDirectory"],
  seeds: () => ["app\0/home/me\0/var/cache", "app\0C:\\Users\\me\0D:\\local"].map(utf8),
  dictionary: ["\0", "..", "/", "\\", "con", "NUL.", "C:"],
  run(bytes) {
    const [application = "", home = "", base = ""] = new TextDecoder().decode(bytes).split("\0");
    for (const platform of ["linux", "darwin", "win32"]) {
      const environment = { XDG_CACHE_HOME: base, LOCALAPPDATA: base };
      const path = answer(["TypeError", "ERR_CACHE_CONFIG"], () =>
        defaultCacheDirectory(application, { platform, environment, home }),
      ).value;
      promise(path === undefined || /^([/\\]|[A-Za-z]:[/\\])/.test(path), "a directory is an absolute path");
      promise(
        path === undefined || path.split(/[/\\]/).includes(application),
        "an application has a directory of its own",
      );
    }
  },
};

export const directoryTargets = [layout, ledger, marker, monotonic, fileNames, directories];
