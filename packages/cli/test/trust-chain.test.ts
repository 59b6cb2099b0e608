import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { toHex } from "@cache/core/bytes";
import { formatKey, SigningKey } from "@cache/core/keyring";
import { issueCertificate, issueRevocations, readRevocations } from "@cache/signer/chain";
import { beforeEach, describe, expect, it } from "vitest";
import { type Ran, useBench } from "./cli.ts";
import { tracesOf } from "./keys.ts";

const bench = useBench();
const DAY = 86_400_000;
const root = SigningKey.generate();
const identity = SigningKey.generate();
const [rootText, identityText] = [formatKey(root), formatKey(identity)];
const [rootPublic, identityPublic] = [formatKey(root.publicKey), formatKey(identity.publicKey)];
const [rootId, id] = [toHex(root.id), toHex(identity.id)];

const write = (name: string, text: string): void => writeFileSync(bench().path(name), text, { mode: 0o600 });
const trust = (...args: string[]): Promise<Ran> => bench().run(["trust", ...args]);
const certify = (...more: string[]): Promise<Ran> =>
  trust("certify", identityPublic, "--root-file", "root", "--expires", "30d", ...more);
const revoke = (...more: string[]): Promise<Ran> => trust("revoke", "--root-file", "root", "--expires", "7d", ...more);
const refused = (code: number, message: string) => ({ code, out: "", err: expect.stringContaining(message) });

/** A certificate for a day from then on, as the library makes it. */
async function certifiedAt(created: number): Promise<string> {
  const times = { created, expires: created + DAY };
  const scope = { namespaces: "any", entries: true } as const;
  return issueCertificate({ root, key: identity.publicKey, scope, ...times });
}

/** A list for a day from then on. */
const listAt = (created: number, number: number, revoked: readonly Uint8Array[] = []): Promise<string> =>
  issueRevocations({ root, number, revoked, created, expires: created + DAY });

beforeEach(() => {
  write("root", rootText);
  write("identity", identityText);
});

describe("cache trust, from a root to a reader", () => {
  it("certifies, configures, signs, reads, revokes, and no output has a secret", async () => {
    const scope = ["--namespaces", "builds,tools", "--entries", "--packages", "greet"];
    const made = await certify(...scope, "-o", "ci.certificate");
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toMatch(
      /^certified [0-9a-f]{8} until .*: entries and packages greet in namespaces builds, tools\n$/,
    );
    await revoke("--number", "1", "-o", "revoked");
    bench().configure({
      namespace: "builds",
      sign: {
        roots: [rootPublic],
        certificates: [bench().path("ci.certificate")],
        revocations: [bench().path("revoked")],
        seen: "~/seen",
      },
    });
    const writer = ["--keyring-file", "identity"];
    expect(await bench().run(["set", "a", ...writer], { input: "value" })).toMatchObject({ code: 0, err: "" });
    expect(await bench().run(["get", "a"])).toMatchObject({ code: 0, out: "value", err: "" });
    expect((await bench().run(["get", "a", "--json"])).out).toContain(`"signedBy":"${id}"`);
    const within = await bench().run(["get", "a", "--dir", bench().home]);
    expect(within).toMatchObject(refused(2, '"seen" lies in the directory of the cache'));
    const outside = await bench().run(["set", "a", "--namespace", "other", ...writer], { input: "value" });
    expect(outside).toMatchObject(refused(3, "ERR_CACHE_UNKNOWN_KEY"));
    expect(outside.err).toContain("cache trust show FILE");
    expect(await bench().run(["set", "b"], { input: "value" })).toMatchObject(refused(4, "ERR_CACHE_READ_ONLY"));

    const shown = await trust("show", "ci.certificate", "revoked");
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toMatch(/^ci.certificate: certificate holds, key .*\nrevoked: revocations holds, list 1 .*\n$/);
    await revoke("ci.certificate", "--after", "revoked", "-o", "revoked");
    expect(await bench().run(["get", "a"])).toMatchObject(refused(3, "ERR_CACHE_REVOKED_KEY"));
    expect(await trust("show", "ci.certificate")).toMatchObject({
      code: 3,
      out: expect.stringContaining(" revoked, "),
    });
    write("revoked", await listAt(Date.now(), 1));
    expect(await bench().run(["get", "a"])).toMatchObject(refused(3, "ERR_CACHE_ROLLBACK"));
    for (const trace of [rootText, identityText].flatMap(tracesOf)) expect(bench().printed).not.toContain(trace);
  });

  it("signs and verifies packages within the scope, with all that the environment says", async () => {
    await certify("--namespaces", "", "--packages", "greet", "-o", "ci.certificate");
    const env = { CACHE_ROOTS: rootPublic, CACHE_CERTIFICATES: "ci.certificate" };
    const maker = { env: { ...env, CACHE_KEYRING: identityText } };
    await bench().run(["bundle", "create", "greet.bundle", bench().home], maker);
    const verified = await bench().run(["bundle", "verify", "greet.bundle"], { env });
    expect(verified).toMatchObject({ code: 0, err: "", out: expect.stringContaining(`signed by ${id}`) });
    const other = await bench().run(["bundle", "create", "other.bundle", bench().home], maker);
    expect(other).toMatchObject(refused(3, "ERR_CACHE_UNKNOWN_KEY"));
    const gone = await bench().run(["bundle", "verify", "greet.bundle"], {
      env: { ...env, CACHE_REVOCATIONS: "gone" },
    });
    expect(gone).toMatchObject(refused(2, "ERR_CACHE_CONFIG"));
    const shown = await bench().run(["config", "show"], { env });
    expect(shown.out).toContain("outside     sign by CACHE_ROOTS");
  });
});

it("A23: a project that is found names no roots, and brings no certificate of one into those that are believed", async () => {
  const stranger = SigningKey.generate();
  const scope = { namespaces: "any", entries: true } as const;
  const expires = Date.now() + DAY;
  write("theirs", await issueCertificate({ root: stranger, key: stranger.publicKey, scope, expires }));
  const sign = { roots: [formatKey(stranger.publicKey)], certificates: ["theirs"] };
  write("cache.config.json", JSON.stringify({ sign }));
  const how = { env: { CACHE_CONFIG: "cache.config.json", CACHE_KEYRING: formatKey(stranger) }, input: "poisoned" };
  expect((await bench().run(["set", "a"], how)).code).toBe(0);
  expect(await bench().run(["get", "a"])).toMatchObject(refused(2, "ERR_CACHE_UNTRUSTED"));
  const env = { CACHE_ROOTS: rootPublic, CACHE_CERTIFICATES: "mine" };
  expect(await bench().run(["get", "a"], { env })).toMatchObject(refused(2, "ERR_CACHE_UNTRUSTED"));
  write("mine", (await certify("--namespaces", "any", "--entries", "--no-config")).out);
  const own = await bench().run(["get", "a", "--no-config"], { env });
  expect(own).toMatchObject(refused(3, "ERR_CACHE_UNKNOWN_KEY"));
  write("mine", readFileSync(bench().path("theirs"), "utf8"));
  const planted = await bench().run(["get", "a", "--no-config"], { env });
  expect(planted).toMatchObject(refused(3, "ERR_CACHE_UNKNOWN_KEY"));
});

describe("cache trust certify", () => {
  it("takes the key as text, from a file, as PEM and from standard input, and answers programs", async () => {
    write("key", `${identityPublic}\n`);
    const pem = await bench().run(["keys", "export", id, "--pem", "--keyring-file", "identity"]);
    write("pem", pem.out);
    const how = ["--root-file", "root", "--expires", "1d", "--namespaces", "any", "--packages", "any", "--json"];
    for (const source of ["key", "pem"]) {
      const { key, issuer, namespaces, entries, packages, expires, created, certificate } = JSON.parse(
        (await trust("certify", source, ...how)).out,
      );
      expect([key, issuer, namespaces, entries, packages]).toEqual([id, rootId, "any", false, "any"]);
      expect([expires - created, certificate.slice(0, 20)]).toEqual([DAY, "cachet1.certificate."]);
    }
    const piped = await bench().run(["trust", "certify", "-", ...how.slice(0, -1)], { input: identityPublic });
    expect(piped.out).toMatch(/^cachet1\.certificate\.[A-Za-z0-9_-]+\n$/);
  });

  it.each([
    ["no namespaces", ["--entries"], "where the key may sign is not said"],
    ["nothing to sign", ["--namespaces", "any"], "what the key may sign is not said"],
    ["any beside names", ["--namespaces", "any,a", "--entries"], "are any, or names"],
    ["a name twice", ["--namespaces", "a,a", "--entries"], "names something twice"],
    ["a comma at the end, which is no empty name", ["--namespaces", "builds,", "--entries"], "an empty name"],
    ["an empty name between commas", ["--namespaces", "any", "--packages", "a,,b"], "an empty name"],
    ["any behind a blank, which is no name", ["--namespaces", "builds, any", "--entries"], "blanks around it"],
    ["a blank name", ["--namespaces", " ", "--entries"], "blanks around it"],
  ])("refuses %s", async (_, more, why) => {
    expect(await certify(...more)).toMatchObject(refused(2, why));
  });

  it("refuses secrets, the root itself, a key that is none, and no end", async () => {
    const scope = ["--root-file", "root", "--namespaces", "any", "--entries"];
    const end = ["--expires", "1d"];
    expect(await trust("certify", identityPublic, ...scope)).toMatchObject(refused(2, "without an end"));
    expect(await trust("certify", identityText, ...scope, ...end)).toMatchObject(refused(2, "only public keys"));
    expect(await trust("certify", "identity", ...scope, ...end)).toMatchObject(refused(2, "ERR_CACHE_KEY_TYPE"));
    expect(await trust("certify", rootPublic, ...scope, ...end)).toMatchObject(refused(2, "does not certify itself"));
    const mistyped = `${identityPublic.slice(0, -1)}${identityPublic.endsWith("A") ? "E" : "A"}`;
    expect(await trust("certify", mistyped, ...scope, ...end)).toMatchObject(refused(2, "ERR_CACHE_KEY_FORMAT"));
    for (const trace of [rootText, identityText].flatMap(tracesOf)) expect(bench().printed).not.toContain(trace);
  });

  it("takes a root from a private keyring file only, with its passphrase where it has one, and never writes over it", async () => {
    const scope = ["--namespaces", "any", "--entries"];
    expect(await certify(...scope, "-o", "root")).toMatchObject(refused(2, "something else in it"));
    expect(readFileSync(bench().path("root"), "utf8")).toBe(rootText);
    write("words", "correct horse battery staple");
    await bench().run(["keys", "protect", "--keyring-file", "root", "--new-passphrase-file", "words"]);
    expect(statSync(bench().path("root")).mode & 0o777).toBe(0o600);
    expect(await certify(...scope)).toMatchObject(refused(2, "ERR_CACHE_PASSPHRASE"));
    expect(await certify(...scope, "--passphrase-file", "words")).toMatchObject({ code: 0, err: "" });
    if (process.platform !== "win32") {
      chmodSync(bench().path("root"), 0o644);
      expect(await certify(...scope)).toMatchObject(refused(2, "ERR_CACHE_KEY_PERMISSIONS"));
    }
    write("public", rootPublic);
    const publicRoot = await certify(...scope, "--root-file", "public");
    expect(publicRoot).toMatchObject(refused(2, "ERR_CACHE_KEY_TYPE"));
  });
});

it("certify -o and revoke -o replace one certificate or list with nothing beside it, and no other file", async () => {
  const scope = ["--namespaces", "any", "--entries"];
  const certificate = (await certify(...scope)).out;
  const list = await listAt(Date.now(), 1);
  for (const precious of [
    "",
    "# precious notes\n",
    certificate.repeat(2),
    `${certificate}${rootText}\n`,
    `# CI\n${certificate}`,
  ]) {
    write("file", precious);
    expect(await certify(...scope, "-o", "file")).toMatchObject(refused(2, "something else in it"));
    expect(readFileSync(bench().path("file"), "utf8")).toBe(precious);
  }
  write("file", certificate);
  expect(await certify(...scope, "-o", "file")).toMatchObject({ code: 0, err: "" });
  write("file", `# of May\n${list}\n`);
  expect(await revoke("--after", "file", "-o", "file")).toMatchObject(refused(2, "something else in it"));
});

describe("cache trust revoke", () => {
  it("loses nothing that it acknowledged, however many revoke at once", async () => {
    await revoke("--number", "1", "-o", "list");
    const ids = Array.from({ length: 6 }, (_, at) => `${at}`.repeat(32));
    const ran = await Promise.all(ids.map((each) => revoke(each, "--after", "list", "-o", "list")));
    const acknowledged = ids.filter((_, at) => ran[at]?.code === 0);
    const { number, revoked } = await readRevocations(readFileSync(bench().path("list"), "utf8").trim(), [
      root.publicKey,
    ]);
    expect(revoked.map(toHex)).toEqual(acknowledged);
    expect([number, acknowledged.length > 0]).toEqual([1 + acknowledged.length, true]);
    write("before", await listAt(Date.now(), 1));
    const firsts = await Promise.all(ids.map((each) => revoke(each, "--after", "before", "-o", "new")));
    expect(firsts.map(({ code }) => code).sort()).toEqual([0, 2, 2, 2, 2, 2]);
    expect(existsSync(bench().path("list.lock"))).toBe(false);
  });

  it("counts on from the list before, keeps what it revoked, and goes back for nobody", async () => {
    const other = "ab".repeat(16);
    await revoke(id, "--number", "4", "-o", "list");
    const next = JSON.parse((await revoke(other, "--after", "list", "--json", "-o", "next")).out);
    expect(next).toMatchObject({ number: 5, revoked: [id, other], issuer: rootId, path: "next" });
    const skipped = await revoke(identityPublic, "--after", "list", "--number", "9", "--json");
    expect(JSON.parse(skipped.out)).toMatchObject({ number: 9, revoked: [id] });
    expect(await revoke("--after", "list", "--number", "4")).toMatchObject(refused(2, "has to be above 4"));
    expect(await revoke()).toMatchObject(refused(2, "the number of the list is not said"));
    expect(await revoke("--number", "0")).toMatchObject(refused(2, "from 1 on"));
    expect(await revoke("abcd", "--number", "1")).toMatchObject(refused(2, "32 hexadecimal digits"));
    expect(await revoke(identityText, "--number", "1")).toMatchObject(refused(2, "only public keys"));
    expect(await revoke("--number", "5", "-o", "list")).toMatchObject(refused(2, "a file that is there"));
    expect(await revoke("--after", "list", "-o", "next")).toMatchObject(refused(2, "a file that is there"));
    expect(await revoke("--after", "list", "-o", "list")).toMatchObject({ code: 0, err: "" });
    write("root", identityText);
    expect(await revoke("--after", "list")).toMatchObject(refused(3, "it is by another root"));
  });
});

describe("cache trust show", () => {
  it("says of each line whether it holds here, and why not", async () => {
    const made = (await certify("--namespaces", "", "--namespaces", "a", "--entries")).out.trim();
    write("some", `# of CI\n${made}\n${await certifiedAt(Date.now() - 2 * DAY)}\n${made.slice(0, -4)}AAAA\nnothing\n`);
    const shown = await trust("show", "some", "--root", rootPublic, "--json");
    expect(shown.code).toBe(3);
    const items = shown.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(items.map(({ type, state, code }) => [type, state, code])).toEqual([
      ["certificate", "holds", undefined],
      ["certificate", "expired", undefined],
      ["certificate", "rejected", expect.stringMatching(/^ERR_CACHE_(AUTH|FORMAT)$/)],
      ["unknown", "rejected", "ERR_CACHE_FORMAT"],
    ]);
    expect(items[0]).toMatchObject({ file: "some", key: id, issuer: rootId, namespaces: ["", "a"], entries: true });
    expect(await trust("show", "some", "--root", identityPublic)).toMatchObject({
      code: 3,
      out: expect.stringContaining("some: certificate rejected (ERR_CACHE_UNKNOWN_KEY)\n"),
    });
    expect(await trust("show", "some")).toMatchObject(refused(2, "no roots are configured"));
  });

  it("asks the newest list that is shown, as a reader that has it does", async () => {
    const [now, before] = [Date.now(), Date.now() - 2 * DAY];
    const states = async (...lines: string[]): Promise<unknown[]> => {
      write("some", lines.join("\n"));
      const { out } = await trust("show", "some", "--root", rootPublic, "--json");
      return out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).state);
    };
    const certificate = await certifiedAt(now);
    const [older, newer] = [await listAt(now, 1, [identity.id]), await listAt(now, 2)];
    expect(await states(certificate, older)).toEqual(["revoked", "holds"]);
    expect(await states(newer, certificate, older)).toEqual(["holds", "holds", "holds"]);
    expect(await states(await listAt(before, 3), certificate, older)).toEqual(["expired", "no-list", "holds"]);
    expect(await states(await certifiedAt(now + DAY))).toEqual(["not-yet-valid"]);
  });

  it("takes two lists of one number as little as a reader does, in whatever order", async () => {
    const now = Date.now();
    const lists = [await listAt(now, 2), await listAt(now, 2, [identity.id])];
    for (const order of [lists, lists.toReversed()]) {
      write("some", [await certifiedAt(now), ...order].join("\n"));
      expect(await trust("show", "some", "--root", rootPublic)).toMatchObject(refused(3, "ERR_CACHE_ROLLBACK"));
    }
    write("some", [lists[1], lists[1]].join("\n"));
    expect(await trust("show", "some", "--root", rootPublic)).toMatchObject({ code: 0, err: "" });
  });
});
