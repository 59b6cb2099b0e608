import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { utf8 } from "@cache/core/bytes";
import { formatKey } from "@cache/core/keyring";
import { signing } from "../keys.mjs";
import { answer, answerLater, promise, same } from "../promises.mjs";
import { internal } from "../target.mjs";
import { temporaryFolder } from "../temporary.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/config/src/check.ts")} */
const { checkConfig } = await internal("config/check");
/** @type {typeof import("../../../packages/config/src/load.ts")} */
const { loadConfig } = await internal("config/load");
/** @type {typeof import("../../../packages/config/src/read/found.ts")} */
const { readFound } = await internal("config/read/found");
/** @type {typeof import("../../../packages/config/src/trust/list.ts")} */
const { encodeTrustList, parseTrustList, readTrustList } = await internal("config/trust/list");
/** @type {typeof import("../../../packages/config/src/open/select.ts")} */
const { selectCache } = await internal("config/open/select");

const home = temporaryFolder("config");
const path = join(home, "cache.config.json");
const environment = { HOME: home, XDG_CONFIG_HOME: home };
const FIELDS = ["auditFile", "dir", "maxBytes", "namespace", "keyringFile", "ttl", "sign", "trusted", "identityFile"];
const OF_ROOTS = ["roots", "certificates", "revocations", "seen"];
const MORE = ["caches", "default", "ephemeral", "off", "require", "root"];

/** @type {Target} */
const config = {
  name: "config",
  covers: ["checkConfig", "loadConfig", "parseJson", "readFound", "readFoundBytes", "readLayers", "readWhole"],
  // The file is read into memory for the largest there may be.
  room: (length) => 400_000 + 128 * length,
  seeds: () =>
    [
      { dir: "cache", maxBytes: "2GB", namespace: "", ttl: "7d", auditFile: "audit.jsonl" },
      { keyringFile: "../keys", sign: { trusted: [formatKey(signing.publicKey)], identityFile: "id" } },
      {
        sign: {
          roots: [formatKey(signing.publicKey)],
          certificates: ["ci.certificate", "cachet1.certificate.AA"],
          revocations: ["revocations"],
          seen: "~/seen",
        },
      },
      { caches: { builds: { dir: "~/b", off: false }, tests: { ephemeral: true } }, default: "builds" },
      { require: ["seal", "sign"], root: true },
    ].map((value) => utf8(JSON.stringify(value))),
  dictionary: [
    ...[...FIELDS, ...OF_ROOTS, ...MORE].map((field) => `"${field}":`),
    '"__proto__":',
    '"memory"',
    '"void"',
    "true",
    "null",
    "[]",
    "{}",
    '""',
    '"\\u0000"',
    '"~/"',
    "1e999",
    "\ufeff",
  ],
  async run(bytes) {
    writeFileSync(path, bytes);
    const { value } = await answerLater(["ERR_CACHE_CONFIG"], () => loadConfig({ file: path, environment }));
    const found = answer(["ERR_CACHE_CONFIG"], () => readFound(path));
    promise(found.value === undefined || same(found.value.bytes, bytes), "what is trusted is what was read");
    promise(found.value === undefined || value !== undefined, "what may be found may be named");
    if (value === undefined) return;
    const { files, sources: _, ...fields } = value;
    promise(files.length === 1, "one file was named");
    const again = checkConfig(fields);
    promise(JSON.stringify(checkConfig(again)) === JSON.stringify(again), "what was taken is taken again");
    const { sign } = fields;
    const believed = sign && "roots" in sign ? sign.roots : sign?.trusted;
    promise(sign === undefined || (believed?.length ?? 0) > 0, "whoever is to be trusted is named");
    for (const name of ["memory", "void", undefined, ...Object.keys(fields.caches ?? {})])
      answer(["ERR_CACHE_CONFIG"], () => selectCache(value, name, {}));
  },
};

/** @type {Target} */
const trustList = {
  name: "trust-list",
  covers: ["parseTrustList", "readTrustList", "readOwnFile"],
  room: (length) => 2_500_000 + 64 * length,
  seeds: () => [encodeTrustList(new Map()), encodeTrustList(new Map([[path, "0123456789abcdef".repeat(4)]]))],
  dictionary: ['"format":"cache-trust"', '"version":1', '"files":{', '"__proto__":', "null", "a".repeat(64)],
  run(bytes) {
    mkdirSync(join(home, "cache"), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, "cache/trusted.json"), bytes, { mode: 0o600 });
    const { value } = answer(["ERR_CACHE_CONFIG"], () => parseTrustList(bytes));
    const read = answer(["ERR_CACHE_CONFIG"], () => readTrustList(environment));
    promise((value === undefined) === (read.value === undefined), "a list is read as it is parsed");
    for (const digest of value?.values() ?? []) promise(/^[0-9a-f]{64}$/.test(digest), "a digest is one");
    if (value === undefined) return;
    const again = parseTrustList(encodeTrustList(value));
    promise(
      [...value].every(([name, digest]) => again.get(name) === digest),
      "a list is kept as it is",
    );
  },
};

export const configTargets = [config, trustList];
