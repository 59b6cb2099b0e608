import { posix } from "node:path";
import { utf8 } from "@cache/core/bytes";
import { digestOf } from "@cache/core/digest";
import { promise, textOf } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/files/src/record.ts")} */
const { describe, recordSchema } = await internal("files/record");
/** @type {typeof import("../../../packages/files/src/tree/links.ts")} */
const { staysInside } = await internal("files/tree/links");

const digest = "0".repeat(64);
const file = { path: "d/a", size: 5, executable: true, digest };
const tree = {
  format: 1,
  kind: "directory",
  files: [file],
  directories: ["d"],
  links: [{ path: "d/l", target: "../d/a" }],
  packs: [{ digest, size: 5 }],
};
const ROOT = "/root/of/tree";

/** @param {string} path */
const isInside = (path) => path.startsWith(`${ROOT}/`);

/** @type {Target} */
const records = {
  name: "files-record",
  covers: [],
  seeds: () =>
    [tree, { ...tree, kind: "file", files: [{ ...file, path: "" }], directories: [], links: [] }].map((each) =>
      utf8(JSON.stringify(each)),
    ),
  dictionary: ['"path"', '"target"', '"links"', '"directories"', '"../"', '"d/"', '"__proto__"', "null", "1e99", "-1"],
  run(bytes) {
    const text = textOf(bytes);
    const value = text === undefined ? undefined : parsed(text);
    if (value === undefined) return;
    const result = recordSchema["~standard"].validate(value);
    if (result instanceof Promise || result.issues !== undefined) return;
    const { kind, files, directories, links } = result.value;
    const paths = [...directories, ...[...files, ...links].map(({ path }) => path)];
    const made = paths.map((path) => posix.resolve(ROOT, path));
    if (kind === "directory") {
      promise(made.every(isInside), "nothing is made outside the tree");
      promise(new Set(made).size === made.length, "nothing is made twice");
      const real = new Set(directories.map((path) => posix.resolve(ROOT, path)));
      promise(
        made.every((path) => posix.dirname(path) === ROOT || real.has(posix.dirname(path))),
        "everything is made in a directory",
      );
    }
    promise(describe(result.value).files === files.length, "what is believed can be told");
  },
};

/** @type {Target} */
const links = {
  name: "files-link",
  covers: [],
  seeds: () => ["a/b/c\n../../d", "a\nb", "a/b\n../c/./d", "a\n.."].map(utf8),
  dictionary: ["..", "/", "./", "../", "\n"],
  run(bytes) {
    const [path = "", target = ""] = (textOf(bytes) ?? "").split("\n");
    const isPath = path !== "" && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
    if (!isPath || !staysInside(path, target)) return;
    const leadsTo = posix.resolve(ROOT, posix.dirname(path), target);
    promise(leadsTo === ROOT || isInside(leadsTo), "a link that is believed leads to something in the tree");
    promise(digestOf(target).length === 64, "and can be digested");
  },
};

/** @param {string} text @returns {unknown} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const fileTargets = [records, links];
