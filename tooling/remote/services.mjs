import { spawnSync } from "node:child_process";
import { whyNoCeph, whyNoMoto } from "@cache/s3-server";

/**
 * What runs against one real server.
 * @typedef {object} Run
 * @property {string} server - its name and version
 * @property {readonly string[]} files - globs from the top: the tests that `npm test` runs against the imitation, and those
 *   that only the real one can pass
 * @property {Readonly<Record<string, string>>} env - tells those files where the real server is, or what starts it
 */

/**
 * A kind of server: the runs that this machine can have, or why it has none.
 * @typedef {() => readonly Run[] | { unavailable: string }} Service
 */

/** Each under the name that `--only` takes. @type {Readonly<Record<string, Service>>} */
export const SERVICES = { redis, s3 };

const REDIS_FILES = [
  "packages/redis/test/*.test.ts",
  "tooling/redis-server/test/*.test.ts",
  "tooling/integration/test/redis*.test.ts",
  "tooling/remote/tests/redis*.test.ts",
];

/** @returns {readonly Run[] | { unavailable: string }} */
function redis() {
  const named = process.env.REDIS_SERVER;
  const programs = named === undefined ? ["redis-server", "valkey-server"] : [named];
  const runs = programs.flatMap((program) => {
    const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
    if (status !== 0) return [];
    const product = /valkey/i.test(stdout) ? "Valkey" : "Redis";
    const server = `${product} ${/v=(\S+)/.exec(stdout)?.[1] ?? ""}`;
    return [{ server, files: REDIS_FILES, env: { TEST_REDIS: "real", REDIS_SERVER: program } }];
  });
  if (runs.length > 0) return runs;
  return { unavailable: `none of ${programs.join(", ")} can be run; install one, or name one in REDIS_SERVER` };
}

/** All that holds of any server of S3, and figures. */
const S3_FILES = [
  "packages/s3/test/conformance.test.ts",
  "tooling/s3-server/test/*.test.ts",
  "tooling/integration/test/bucket*.test.ts",
  "tooling/remote/tests/s3*.test.ts",
];

/**
 * Ceph's gateway, in a Debian that is made in `S3_CHROOT` if it is not there; without it there is no faithful server. moto
 * besides, where it is installed: it looks at no signature.
 * @returns {readonly Run[] | { unavailable: string }}
 */
function s3() {
  const directory = process.env.S3_CHROOT;
  const unavailable = whyNoCeph(directory);
  if (unavailable !== undefined) return { unavailable };
  const named = directory === undefined ? {} : { S3_CHROOT: directory };
  const ceph = { server: "Ceph RGW", files: S3_FILES, env: { S3_SERVER: "ceph", ...named } };
  return whyNoMoto() === undefined ? [ceph, { server: "moto", files: S3_FILES, env: { S3_SERVER: "moto" } }] : [ceph];
}
