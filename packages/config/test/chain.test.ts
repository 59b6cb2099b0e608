import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { formatKey, Keyring, MasterKey, revokeKey, SigningKey } from "@cache/core/keyring";
import { createKeyringFile, updateKeyringFile } from "@cache/core/keyring-file";
import { issueCertificate, issueRevocations } from "@cache/signer/chain";
import { describe, expect, it } from "vitest";
import { type ChainConfig, loadConfig, openCache } from "../src/index.ts";
import { configuredProtection } from "../src/keys/index.ts";
import { trustConfig } from "../src/trust/index.ts";
import { useDesk } from "./desk.ts";

const desk = useDesk();
const DAY = 86_400_000;
const [root, identity, other] = [SigningKey.generate(), SigningKey.generate(), SigningKey.generate()];
const ROOTS = [formatKey(root.publicKey)];

interface Certified {
  readonly by?: SigningKey;
  readonly expires?: number;
  readonly namespaces?: "any" | readonly string[];
}

/** A certificate of the identity, in a file. */
async function certify({ by = root, expires = Date.now() + DAY, namespaces = "any" }: Certified = {}): Promise<string> {
  const scope = { namespaces, entries: true };
  const text = await issueCertificate({ root: by, key: identity.publicKey, scope, expires, created: expires - DAY });
  return desk().write("certificates", `# of the identity\n\n${text}\n`);
}

async function revocations(number: number, revoked: readonly SigningKey[] = [], expires = Date.now() + DAY) {
  const ids = revoked.map(({ id }) => id);
  const text = await issueRevocations({ root, number, revoked: ids, expires, created: expires - DAY });
  return desk().write("revocations", text);
}

async function identityFile(key: SigningKey | MasterKey = identity): Promise<string> {
  const path = desk().path(`identity-${key.type}`);
  rmSync(path, { force: true });
  await createKeyringFile(path, Keyring.of(key));
  return path;
}

const NAME = "src/project/cache.config.json";

/** The cache of a configuration with these roots and certificates. */
function open(sign: object, more: object = {}) {
  const file = desk().write("named.json", { dir: "cache", sign });
  return openCache<number>(undefined, { ...desk().here, file, ...more });
}

const chain = (more: object = {}): object => ({ roots: ROOTS, certificates: ["certificates"], ...more });
const refusal = (code: string, message = "") => ({ code, message: expect.stringContaining(message) });

async function written(): Promise<void> {
  await certify();
  await using cache = await open(chain({ identityFile: await identityFile() }));
  await cache.set("answer", 42);
}

const stateUnder = async (sign: object, more: object = {}): Promise<unknown> => {
  await using cache = await open(sign, more);
  const { state, ...rest } = await cache.lookup("answer");
  return state === "rejected" ? (rest as { code: unknown }).code : state;
};

describe("roots of a configuration", () => {
  it("are enough to read what a certified key signed, which the keyring or a file of its own holds", async () => {
    await written();
    expect(await stateUnder(chain())).toBe("hit");
    const keyringFile = await identityFile();
    const file = desk().write("writer.json", { dir: "cache", keyringFile, sign: chain() });
    await using writer = await openCache<number>(undefined, { ...desk().here, file });
    await writer.set("answer", 43);
    await using reader = await open(chain());
    expect(await reader.get("answer")).toBe(43);
    await expect(reader.set("answer", 44)).rejects.toMatchObject(refusal("ERR_CACHE_READ_ONLY"));
  });

  it("seal with the master keys of the keyring", async () => {
    await certify();
    const [keyringFile, signsIn] = [await identityFile(MasterKey.generate()), await identityFile()];
    const sign: ChainConfig = { roots: ROOTS, certificates: [desk().path("certificates")], identityFile: signsIn };
    const protection = await configuredProtection({ keyringFile, sign });
    expect(protection.seal).toBeDefined();
    expect(protection.described).toBe("sealed, signed with Ed25519 by certificates");
    const { identityFile: _, ...readers } = sign;
    expect((await configuredProtection({ sign: readers })).described).toBe(
      "verified with Ed25519 by certificates, read-only",
    );
  });

  it("are taken from the environment, where they are not mixed with those of a configuration", async () => {
    await written();
    const environment = {
      ...desk().environment,
      CACHE_DIR: desk().path("cache"),
      CACHE_ROOTS: ROOTS.join(),
      CACHE_CERTIFICATES: `${desk().path("certificates")}`,
    };
    const under = async (more: object) => {
      await using cache = await openCache(undefined, { cwd: desk().project, environment: { ...environment, ...more } });
      return (await cache.lookup("answer")).state;
    };
    expect(await under({})).toBe("hit");
    expect(await under({ CACHE_REVOCATIONS: await revocations(1, [identity]) })).toBe("rejected");
    const unusable = refusal("ERR_CACHE_CONFIG");
    for (const name of ["CACHE_ROOTS", "CACHE_CERTIFICATES", "CACHE_REVOCATIONS", "CACHE_REVOCATIONS_SEEN"])
      await expect(under({ [name]: "" })).rejects.toMatchObject(unusable);
    await expect(under({ CACHE_CERTIFICATES: undefined })).rejects.toMatchObject(unusable);
    await expect(under({ CACHE_ROOTS: undefined })).rejects.toMatchObject(unusable);
    await expect(open(chain(), { environment })).rejects.toMatchObject(refusal("ERR_CACHE_CONFIG", "CACHE_ROOTS"));
  });

  it("believe nobody before, after, outside, or without a certificate", async () => {
    await written();
    expect(await stateUnder(chain(), { now: () => Date.now() + 2 * DAY })).toBe("ERR_CACHE_UNKNOWN_KEY");
    await certify({ namespaces: ["elsewhere"] });
    expect(await stateUnder(chain())).toBe("ERR_CACHE_UNKNOWN_KEY");
    const outside = open(chain({ identityFile: await identityFile() }));
    await using cache = await outside;
    await expect(cache.set("answer", 1)).rejects.toMatchObject(refusal("ERR_CACHE_UNKNOWN_KEY"));
    const uncertified = open(chain({ identityFile: await identityFile(other) }));
    await expect(uncertified).rejects.toMatchObject(refusal("ERR_CACHE_UNKNOWN_KEY", "no root certified"));
  });

  it("certify by their own hand only: the certificate of another is an error that names its file", async () => {
    const path = await certify({ by: other });
    await expect(open(chain())).rejects.toMatchObject(refusal("ERR_CACHE_UNKNOWN_KEY", path));
    const text = await issueCertificate({
      root,
      key: identity.publicKey,
      scope: { namespaces: "any", entries: true },
      expires: Date.now() + DAY,
    });
    const last = text.at(-2) === "A" ? "B" : "A";
    desk().write("certificates", `${text}\n${text.slice(0, -2)}${last}${text.at(-1)}`);
    await expect(open(chain())).rejects.toMatchObject(refusal("ERR_CACHE_AUTH", path));
    for (const damaged of ["no certificate", text.slice(0, 40), await issueRevocations(listOf(1))]) {
      desk().write("certificates", damaged);
      await expect(open(chain())).rejects.toMatchObject(refusal("ERR_CACHE_FORMAT", path));
    }
    expect(await stateUnder({ roots: ROOTS, certificates: [text] })).toBe("miss");
  });
});

const listOf = (number: number) => ({ root, number, revoked: [], expires: Date.now() + DAY });

describe("lists of revocations", () => {
  const careful = (more: object = {}): object => chain({ revocations: ["revocations"], ...more });

  it("take belief from a key", async () => {
    await written();
    await revocations(1);
    expect(await stateUnder(careful())).toBe("hit");
    await revocations(2, [identity]);
    expect(await stateUnder(careful())).toBe("ERR_CACHE_REVOKED_KEY");
  });

  it("that are not there, empty, unreadable, damaged or of another time are errors, and never no list", async () => {
    await written();
    const path = desk().path("revocations");
    await expect(open(careful())).rejects.toMatchObject(refusal("ERR_CACHE_CONFIG", path));
    for (const content of ["", "# none\n"]) {
      writeFileSync(path, content);
      await expect(open(careful())).rejects.toMatchObject(refusal("ERR_CACHE_CONFIG", path));
    }
    writeFileSync(path, new Uint8Array([0xff]));
    await expect(open(careful())).rejects.toMatchObject(refusal("ERR_CACHE_CONFIG", "it is not text"));
    writeFileSync(path, "x");
    await expect(open(careful())).rejects.toMatchObject(refusal("ERR_CACHE_FORMAT", path));
    await revocations(1, [], Date.now() - 1);
    await expect(open(careful())).rejects.toMatchObject(refusal("ERR_CACHE_EXPIRED"));
  });

  it("that are older than was seen, or gone, are refused by who remembers", async () => {
    await written();
    const remembering = careful({ seen: "state/seen" });
    await revocations(2, [identity]);
    expect(await stateUnder(remembering)).toBe("ERR_CACHE_REVOKED_KEY");
    await revocations(1);
    await expect(open(remembering)).rejects.toMatchObject(refusal("ERR_CACHE_ROLLBACK"));
    await expect(open(chain({ seen: "state/seen" }))).rejects.toMatchObject(refusal("ERR_CACHE_ROLLBACK"));
    expect(await stateUnder(careful())).toBe("hit");
  });
});

describe("a keyring beside roots", () => {
  it("says nothing of who is believed: public keys are refused, and whom it revoked is believed no more", async () => {
    await written();
    const keyringFile = desk().path("keyring");
    const sign = { roots: ROOTS, certificates: [desk().path("certificates")] };
    await createKeyringFile(keyringFile, Keyring.of(MasterKey.generate(), other.publicKey));
    await expect(configuredProtection({ keyringFile, sign })).rejects.toMatchObject(
      refusal("ERR_CACHE_CONFIG", "public keys"),
    );
    await updateKeyringFile(keyringFile, (keyring) => revokeKey(keyring, other.id));
    await expect(configuredProtection({ keyringFile, sign })).resolves.toHaveProperty("seal");
    rmSync(keyringFile);
    await createKeyringFile(keyringFile, Keyring.of(identity.publicKey));
    await updateKeyringFile(keyringFile, (keyring) => revokeKey(keyring, identity.id));
    const file = desk().write("reader.json", { dir: "cache", keyringFile, sign });
    await using reader = await openCache(undefined, { ...desk().here, file });
    expect(await reader.lookup("answer")).toMatchObject({ state: "rejected", code: "ERR_CACHE_REVOKED_KEY" });
  });

  it("and an identity file do not both say who signs", async () => {
    await certify();
    const keyringFile = await identityFile();
    const sign = { roots: ROOTS, certificates: [desk().path("certificates")], identityFile: keyringFile };
    await expect(configuredProtection({ keyringFile, sign })).rejects.toMatchObject(
      refusal("ERR_CACHE_CONFIG", "who signs"),
    );
  });
});

describe("A23: a configuration that is found", () => {
  it("names no roots until it is trusted, and then brings neither keys nor what was seen", async () => {
    await certify();
    const load = () => loadConfig(desk().here);
    const path = desk().write(NAME, { sign: { roots: ROOTS, certificates: ["certificates"], revocations: ["list"] } });
    await expect(load()).rejects.toMatchObject(refusal("ERR_CACHE_UNTRUSTED"));
    await trustConfig(path, desk().environment);
    expect((await load()).sign).toEqual({
      roots: ROOTS,
      certificates: [`${desk().project}/certificates`],
      revocations: [`${desk().project}/list`],
      seen: undefined,
      identityFile: undefined,
    });
    for (const brought of [{ seen: "seen" }, { identityFile: "identity" }]) {
      desk().write(NAME, { sign: chain(brought) });
      await expect(trustConfig(path, desk().environment)).rejects.toMatchObject(refusal("ERR_CACHE_CONFIG", path));
    }
    desk().write(NAME, { sign: chain({ seen: "~/seen" }) });
    await trustConfig(path, desk().environment);
    expect((await load()).sign).toMatchObject({ seen: desk().path("seen") });
  });
});

it.each([
  ["trusted keys beside roots", { ...chain(), trusted: ROOTS }, "not by both"],
  ["certificates of no root", { certificates: ["x"] }, '"sign" needs "roots"'],
  ["roots without certificates", { roots: ROOTS }, '"sign" needs "certificates"'],
  ["no roots", chain({ roots: [] }), '"sign" needs "roots"'],
  ["a list that is not in a file", chain({ revocations: ["cachet1.revocations.AA"] }), "are files"],
  ["lists that are none", chain({ revocations: [] }), '"sign" needs "revocations"'],
  ["a file whose name has a NUL", chain({ revocations: ["a\0"] }), '"sign" needs "revocations"'],
  ["a file of no name", chain({ certificates: [""] }), '"sign" needs "certificates"'],
  ["a file that is not there", chain({ certificates: ["nowhere"] }), "is not there"],
  ["a place below a file", chain({ seen: "file/seen" }), "it cannot be told"],
  ["a place of no name", chain({ seen: "" }), '"sign.seen" is not text'],
  ["a place within the cache", chain({ seen: "cache/seen" }), '"seen" lies in the directory of the cache'],
  ["the cache as the place", chain({ seen: "./cache" }), '"seen" lies in the directory of the cache'],
])("a configuration that cannot be used is refused: %s", async (_, sign, why) => {
  desk().write("file", "");
  await expect(open(sign)).rejects.toMatchObject(refusal("ERR_CACHE_CONFIG", why));
});

it("a cache that is in no directory has no place that lists must be kept out of", async () => {
  await certify();
  const sign = chain({ seen: "cache/seen", identityFile: await identityFile() });
  const file = desk().write("named.json", { dir: "cache", sign });
  const { environment, ...here } = desk().here;
  const ephemeral = { ...environment, CACHE_EPHEMERAL: "1" };
  await using cache = await openCache<number>(undefined, { ...here, environment: ephemeral, file });
  await cache.set("answer", 42);
  expect(await cache.get("answer")).toBe(42);
});

describe.skipIf(process.platform === "win32")("what was seen of lists", () => {
  it("lies outside of the directory of the cache, by whatever links and whoever names it", async () => {
    await certify();
    const why = refusal("ERR_CACHE_CONFIG", '"seen" lies in the directory of the cache');
    mkdirSync(desk().path("cache"));
    symlinkSync("cache", desk().path("to-cache"));
    symlinkSync("to-cache/not-yet", desk().path("to-nothing-yet"));
    for (const seen of ["to-cache/seen", "to-nothing-yet", "to-nothing-yet/below"])
      await expect(open(chain({ seen })), seen).rejects.toMatchObject(why);
    const environment = {
      ...desk().environment,
      CACHE_DIR: desk().path("to-cache"),
      CACHE_ROOTS: ROOTS.join(),
      CACHE_CERTIFICATES: desk().path("certificates"),
    };
    const openWith = (seen: string) =>
      openCache(undefined, {
        ...desk().here,
        search: false,
        environment: { ...environment, CACHE_REVOCATIONS_SEEN: seen },
      });
    await expect(openWith(desk().path("cache/seen"))).rejects.toMatchObject(why);
    symlinkSync("round", desk().path("round"));
    await expect(openWith(desk().path("round"))).rejects.toMatchObject(refusal("ERR_CACHE_CONFIG", "cannot be told"));
    await using cache = await openWith(desk().path("cache-seen"));
    expect(await cache.get("answer")).toBe(undefined);
  });
});
