import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { toHex } from "@cache/core/bytes";
import { formatKey, Keyring, SigningKey } from "@cache/core/keyring";
import { createKeyringFile } from "@cache/core/keyring-file";
import { issueCertificate, issueRevocations } from "@cache/signer/chain";
import { beforeEach, describe, expect, it } from "vitest";
import { type Ran, useBench } from "./cli.ts";
import { tracesOf } from "./keys.ts";

const bench = useBench();
const DAY = 86_400_000;
const [root, otherRoot, identity, other] = [1, 2, 3, 4].map(() => SigningKey.generate()) as [
  SigningKey,
  SigningKey,
  SigningKey,
  SigningKey,
];
const publicText = (key: SigningKey): string => formatKey(key.publicKey);
const write = (name: string, text: string): void => writeFileSync(bench().path(name), text, { mode: 0o600 });
const read = (name: string): string => readFileSync(bench().path(name), "utf8");
const trust = (...args: string[]): Promise<Ran> => bench().run(["trust", ...args]);
const refused = (code: number, message: string) => ({ code, out: "", err: expect.stringContaining(message) });
const listAt = (number: number, created = Date.now(), by = root): Promise<string> =>
  issueRevocations({ root: by, number, revoked: [], created, expires: created + DAY });
const certified = (by = root): Promise<string> => {
  const scope = { namespaces: "any", entries: true } as const;
  return issueCertificate({ root: by, key: identity.publicKey, scope, expires: Date.now() + DAY });
};

describe("cache trust show, as the readers here would,", () => {
  const configure = (sign: object = {}, more: object = {}) =>
    bench().configure({
      sign: {
        ...{ roots: [publicText(root)], certificates: [bench().path("certificate")], seen: "~/seen" },
        ...{ revocations: [bench().path("list")], ...sign },
      },
      ...more,
    });
  const states = async (...files: string[]) => {
    const { code, out } = await trust("show", ...files, "--json");
    const items = out.trim().split("\n");
    return [code, ...items.map((line) => JSON.parse(line)).map((item) => [item.state, item.code])];
  };
  const get = () => bench().run(["get", "answer"]);
  const REFUSED = ["rejected", "ERR_CACHE_ROLLBACK"];
  const HOLDS = ["holds", undefined];

  beforeEach(async () => {
    write("certificate", await certified());
    write("list", await listAt(2));
    configure();
  });

  it("refuses an older list than was seen and all that is certified, and remembers nothing by looking", async () => {
    write("newest", await listAt(3));
    expect(await states("certificate", "list", "newest")).toEqual([0, HOLDS, HOLDS, HOLDS]);
    expect(existsSync(`${bench().home}/seen`)).toBe(false);
    expect((await get()).code).toBe(1);
    write("list", await listAt(1));
    expect((await get()).err).toContain("ERR_CACHE_ROLLBACK");
    expect(await states("certificate", "list", "newest")).toEqual([3, REFUSED, REFUSED, HOLDS]);
    expect((await trust("show", "certificate")).err).toContain("a newer list of revocations was seen");
    write("list", await listAt(3));
    expect((await get()).code).toBe(1);
  });

  it("refuses all when a list was seen and none is configured any more", async () => {
    expect((await get()).code).toBe(1);
    configure({ revocations: undefined });
    expect((await get()).err).toContain("ERR_CACHE_ROLLBACK");
    expect(await states("certificate")).toEqual([3, REFUSED]);
  });

  it("refuses whom the keyring revoked", async () => {
    const gone = { id: identity.id, type: "ed25519-secret", status: "revoked" } as const;
    await createKeyringFile(bench().path("keys"), new Keyring({ entries: [gone], generation: 2 }));
    configure({}, { keyringFile: bench().path("keys") });
    expect(await states("certificate")).toEqual([3, ["revoked", undefined]]);
  });

  it("refuses all when the list of any root has ended", async () => {
    write("old", await listAt(1, Date.now() - 2 * DAY, otherRoot));
    const roots = [root, otherRoot].map(publicText);
    configure({ roots, revocations: ["list", "old"].map((name) => bench().path(name)) });
    expect((await get()).err).toContain("ERR_CACHE_EXPIRED");
    expect(await states("certificate")).toEqual([3, ["no-list", undefined]]);
  });
});

describe("cache trust certify and revoke", () => {
  const scope = ["--namespaces", "builds", "--entries"];
  const certify = (key: SigningKey, ...more: string[]): Promise<Ran> =>
    trust("certify", publicText(key), "--root-file", "root", "--expires", "30d", ...more);
  const revoke = (...more: string[]): Promise<Ran> =>
    trust("revoke", "--root-file", "root", "--expires", "7d", ...more);
  beforeEach(() => write("root", formatKey(root)));

  it("replace the certificate of the same key by the same root, and no other", async () => {
    const theirs = await certified(otherRoot);
    write("theirs", theirs);
    expect((await certify(identity, ...scope, "-o", "ci")).code).toBe(0);
    const before = read("ci");
    expect(await certify(other, ...scope, "-o", "ci")).toMatchObject(refused(2, "a certificate of another key"));
    expect(await certify(identity, ...scope, "-o", "theirs")).toMatchObject(refused(2, "or by another root"));
    expect([read("ci"), read("theirs")]).toEqual([before, theirs]);
    expect((await certify(identity, "--namespaces", "any", "--entries", "-o", "ci")).code).toBe(0);
    expect(read("ci")).not.toBe(before);
  });

  it("take no name that covers less than it seems to, and no key for a name", async () => {
    expect(await certify(identity, "--namespaces", "a,builds/", "--entries")).toMatchObject(
      refused(2, "with / at its end"),
    );
    const secret = formatKey(other);
    for (const names of [
      ["--namespaces", secret, "--entries"],
      ["--namespaces", "any", "--packages", `a,${secret}`],
    ])
      expect(await certify(identity, ...names, "-o", "ci")).toMatchObject(refused(2, "has a key in it"));
    expect(existsSync(bench().path("ci"))).toBe(false);
    for (const trace of tracesOf(secret)) expect(bench().printed).not.toContain(trace);
  });

  it("revoke no root by a list of its own", async () => {
    for (const itself of [toHex(root.id), publicText(root)])
      expect(await revoke(itself, "--number", "1")).toMatchObject(refused(2, "a root cannot revoke itself"));
  });

  it.skipIf(process.platform === "win32")("tell what cannot be looked at from what is not there", async () => {
    symlinkSync("loop", bench().path("loop"));
    for (const ran of [certify(identity, ...scope, "-o", "loop/ci"), revoke("--number", "1", "-o", "loop/list")])
      expect(await ran).toMatchObject(refused(4, "what -o names cannot be looked at: ELOOP (ERR_CACHE_STORE)"));
    expect([readdirSync(bench().root), statSync(bench().path("root")).mode & 0o777]).toEqual([["loop", "root"], 0o600]);
  });
});
