import { generateKeyPairSync } from "node:crypto";
import { linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatKey } from "@cache/core/keyring";
import { describe, expect, it } from "vitest";
import { createBundle, directoryMembers, inspectBundle, type NewMember } from "../src/index.ts";
import { identity, maker, master, noise, text, useBench } from "./bench.ts";

const bench = useBench();
const make = (...contents: Uint8Array[]) =>
  bench().make(
    {},
    contents.map((content, at) => ({ path: `part/${at}`, content })),
  );

const pem = (type: "ed25519" | "rsa") => {
  const { privateKey } =
    type === "rsa" ? generateKeyPairSync("rsa", { modulusLength: 1024 }) : generateKeyPairSync("ed25519");
  return privateKey;
};
const rsa = pem("rsa");
const plain = pem("ed25519").export({ type: "pkcs8", format: "pem" }) as string;
const encrypted = { cipher: "aes-256-cbc", passphrase: "correct horse" } as const;

describe("a member with a secret key in it is not packed, and named:", () => {
  it.each([
    ["a signing key", formatKey(identity), "native"],
    ["a master key among other text", `KEY=${formatKey(master)}\nMORE=1`, "native"],
    ["a PEM key", plain, "PEM"],
    ["a PEM key with lines of Windows", plain.replaceAll("\n", "\r\n"), "PEM"],
    ["a PEM key in JSON", JSON.stringify({ private_key: plain }), "PEM"],
    ["a PEM key in indented YAML", `key: |\n${plain.replaceAll(/^/gm, "    ")}`, "PEM"],
    [
      "a PEM key as joined lines of a program",
      `[${plain
        .split("\n")
        .map((line) => `"${line}"`)
        .join(",\n  ")}]`,
      "PEM",
    ],
    ["an RSA key", rsa.export({ type: "pkcs1", format: "pem" }) as string, "PEM"],
    ["an encrypted key", rsa.export({ type: "pkcs8", format: "pem", ...encrypted }) as string, "PEM"],
    [
      "a key that is encrypted the old way",
      rsa.export({ type: "pkcs1", format: "pem", ...encrypted }) as string,
      "PEM",
    ],
  ])("%s", async (_, words, kind) => {
    const work = make(text("innocent"), text(words));
    await expect(work).rejects.toMatchObject({ code: "ERR_CACHE_SECRET", message: expect.stringContaining("part/1 ") });
    await expect(work).rejects.toThrow(kind);
    expect(bench().names()).toEqual([]);
  });

  it("also where it is cut between two pieces, and where brotli would hide it", async () => {
    const whole = Buffer.concat([noise(3000), text(formatKey(identity)), noise(3000)]);
    for (const compression of ["none", "brotli"] as const)
      for (const length of [1, 7, 60, 3030]) {
        const content = async function* () {
          for (let at = 0; at < whole.length; at += length) yield whole.subarray(at, at + length);
        };
        const work = createBundle(bench().file, [{ path: "cut", content }], { name: "tool", compression });
        await expect(work).rejects.toMatchObject({ code: "ERR_CACHE_SECRET" });
      }
    expect(bench().names()).toEqual([]);
  });

  it("unless its path is given as one that is meant to hold one", async () => {
    const members = ["a", "b"].map((path) => ({ path, content: text(plain) }));
    await expect(bench().make({ withSecrets: ["a"] }, members)).rejects.toThrow(/^b holds/);
    await bench().make({ withSecrets: ["a", "b"] }, members);
    await expect(bench().make({ withSecrets: "a" as never }, members)).rejects.toThrow(TypeError);
  });
});

it("public keys, and programs that only know what a secret looks like, are packed", async () => {
  const names = ["-----BEGIN PRIVATE KEY-----\n", "cachek1.master.", "cachek1.ed25519-secret.<48 characters>"];
  const program = `const begin = ${JSON.stringify(names[0])};\nexport const wrap = (base64) => begin + base64;\n`;
  await make(...names.map(text), text(program), text(formatKey(identity.publicKey)));
  expect((await inspectBundle(bench().file)).members).toHaveLength(5);
});

describe("files of keys that are named to directoryMembers", () => {
  const source = () => bench().path("source");
  const packed = (secretFiles: readonly string[], exclude?: (path: string) => boolean) =>
    createBundle(bench().file, directoryMembers(source(), { at: "app", secretFiles, exclude }), {
      name: "tool",
      sign: maker,
    });

  it("are refused by what they are, whatever stands in them and whatever they are called", async () => {
    mkdirSync(join(source(), "deep"), { recursive: true });
    const keys = bench().path("keys");
    writeFileSync(keys, "protected by a passphrase");
    linkSync(keys, join(source(), "deep/other-name"));
    await expect(packed([bench().path("none"), join(source(), "..", "keys")])).rejects.toMatchObject({
      code: "ERR_CACHE_SECRET",
      message: expect.stringContaining("deep/other-name is a file of keys"),
    });
    expect((await packed([keys], (path) => path === "deep/other-name")).members).toBe(1);
    expect((await packed([])).members).toBe(2);
  });

  it("are refused, too, when one takes the place of a file that was listed", async () => {
    mkdirSync(source());
    const keys = bench().path("keys");
    writeFileSync(keys, "protected by a passphrase");
    writeFileSync(join(source(), "a"), "a");
    const members: NewMember[] = [];
    for await (const member of directoryMembers(source(), { secretFiles: [keys] })) members.push(member);
    renameSync(keys, join(source(), "a"));
    const work = createBundle(bench().file, members, { name: "tool", sign: maker });
    await expect(work).rejects.toMatchObject({ code: "ERR_CACHE_SECRET" });
  });

  it("cannot be told from others when they cannot be looked at, so nothing is packed", async () => {
    mkdirSync(source());
    symlinkSync("itself", bench().path("itself"));
    await expect(packed([bench().path("itself")])).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    await expect(packed("keys" as never)).rejects.toThrow(TypeError);
  });
});

it("wrong options of a directory are told in words", async () => {
  for (const [options, words] of [
    [{ exclude: "a" }, /exclude is a function/],
    [{ secretFiles: { *[Symbol.iterator]() {} } }, /secretFiles are paths/],
  ] as const)
    await expect(directoryMembers(bench().root, options as never).next()).rejects.toThrow(words);
});
