import { type Actions, runAction } from "../actions.ts";
import type { Command } from "../command.ts";

/** Changes load what writes files; listing does not. */
const ACTIONS: Actions = new Map([
  ["new", async () => (await import("../keys/create.ts")).newKeyring],
  ["list", async () => (await import("../keys/list.ts")).listKeys],
  ["add", async () => (await import("../keys/add.ts")).addKeys],
  ["export", async () => (await import("../keys/export.ts")).exportKey],
  ["promote", async () => (await import("../keys/change.ts")).promote],
  ["retire", async () => (await import("../keys/change.ts")).retire],
  ["revoke", async () => (await import("../keys/change.ts")).revoke],
  ["protect", async () => (await import("../keys/protect.ts")).protect],
  ["unprotect", async () => (await import("../keys/protect.ts")).unprotect],
  ["remove", async () => (await import("../keys/change.ts")).remove],
]);

/** `cache keys`. */
export const command: Command = {
  usage: "keys new|list|add|export|promote|retire|revoke|remove|protect|unprotect",
  summary: "Make and rotate the keys of a keyring file",
  details: `  keys new [--type TYPE]     make the file, readable by you alone, with a fresh key
  keys list                  ids, states and public keys; never a secret
  keys add [FILE|-]          add the keys of a file or of standard input, a PEM file too; a fresh one when nothing is named
  keys export ID --pem       print the public key of an Ed25519 key, or write it with -o; with --secret the secret one, -o only
  keys promote ID            the key writes from now on; every reader must have it by then
  keys retire ID             the key still reads and never writes again
  keys revoke ID             what the key wrote is believed no more; its secret is erased
  keys remove ID             the key is forgotten
  keys protect               the file opens with a passphrase only; again: with another one
  keys unprotect             the file is text again

The passphrase of a protected file is the first line of --passphrase-file or CACHE_KEYRING_PASSPHRASE_FILE, or is in
CACHE_KEYRING_PASSPHRASE, or is asked for at a terminal. Given to keys new, the file is protected from the start.
The file is that of --keyring-file, CACHE_KEYRING_FILE or the configuration. An ID is any unambiguous beginning of one, at
least 4 hexadecimal digits. Keys are never taken from the command line, where other users could see them.
PEM is PKCS #8 for a secret Ed25519 key and SPKI for a public one, as openssl pkey writes them, not encrypted.
--seed-file with --type ed25519 makes the key of a seed, the same wherever new or add gets it: for builds that have to be repeated. A
seed is all bytes of the file, 16 to 1024, and random: openssl rand -hex 32 makes one. Keep it as the key itself.
--json: list prints {generation, keys: [{id, type, status, primary, created, revoked, public}]}, new and add print {added: [id]},
export {id, pem}, or with -o {id, path}, protect and unprotect {protected, passphrase}, the others {id}.`,
  options: {
    type: { type: "string", value: "TYPE", help: "of a fresh key: master (seals, the default) or ed25519 (signs)" },
    ed25519: { type: "boolean", help: "short for --type ed25519" },
    "seed-file": {
      type: "string",
      value: "FILE",
      help: "for new and add: private file with a seed, - for standard input",
    },
    pem: { type: "boolean", help: "for export: as PEM" },
    secret: { type: "boolean", help: "for export: the secret key, into the private file of -o" },
    output: { type: "string", short: "o", value: "FILE", help: "for export: write to a file instead" },
    "new-passphrase-file": { type: "string", value: "FILE", help: "for protect: file with the new passphrase" },
    generate: { type: "boolean", help: "for protect: make a passphrase and print it, once" },
  },
  positionals: [1, 3],
  run: (invocation) => runAction(ACTIONS, invocation),
};
