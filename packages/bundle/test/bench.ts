import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MasterKey, SigningKey } from "@cache/core/keyring";
import { ed25519Signer } from "@cache/signer";
import { afterEach, beforeEach } from "vitest";
import { type CreateOptions, createBundle, type NewMember } from "../src/index.ts";

/** Bytes that are the same for the same words and do not get smaller. */
export function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

export const text = (words: string): Uint8Array => new TextEncoder().encode(words);

export const identity: SigningKey = SigningKey.generate();
export const stranger: SigningKey = SigningKey.generate();
export const maker = ed25519Signer({ identity });
export const reader = ed25519Signer({ trusted: [identity.publicKey] });
export const master: MasterKey = MasterKey.generate();

/** A small package of every kind of member. */
export const MEMBERS: readonly NewMember[] = [
  { path: "bin/tool", content: text("#!/bin/sh\necho tool\n"), mode: 0o755, purpose: "code" },
  { path: "data/noise", content: noise(300_000), purpose: "data" },
  { path: "data/words", content: text("word ".repeat(20_000)) },
  { path: "empty", content: new Uint8Array(0) },
  { path: "data/none" },
];

/** A directory of its own, removed afterwards. */
export class Bench {
  readonly root: string = mkdtempSync(join(tmpdir(), "bundle-"));
  readonly file: string = join(this.root, "tool.bundle");

  path(name: string): string {
    return join(this.root, name);
  }

  /** Makes the small package. */
  async make(options: Partial<CreateOptions> = {}, members: Iterable<NewMember> = MEMBERS): Promise<Uint8Array> {
    await createBundle(this.file, members, { name: "tool", sign: maker, ...options });
    return this.bytes();
  }

  bytes(): Uint8Array {
    return new Uint8Array(readFileSync(this.file));
  }

  put(bytes: Uint8Array): void {
    writeFileSync(this.file, bytes);
  }

  names(): string[] {
    return readdirSync(this.root).sort();
  }
}

/** A fresh bench for every test of a file. */
export function useBench(): () => Bench {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => rmSync(bench.root, { recursive: true, force: true }));
  return () => bench;
}

export const TRUSTED = { name: "tool", sign: reader } as const;
