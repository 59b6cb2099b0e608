/**
 * Where verification happens, and the tests that are about it, the quickest first.
 * @type {readonly { readonly folder: string, readonly projects: readonly string[] }[]}
 */
export const PLACES = [
  {
    folder: "packages/core/src/record",
    projects: ["integration record.test", "integration attacks.test", "integration"],
  },
  { folder: "packages/core/src/cache/rollback.ts", projects: ["integration rollback", "integration"] },
  {
    folder: "packages/core/src/cache/entries.ts",
    projects: ["integration record.test", "integration attacks.test", "integration"],
  },
  {
    folder: "packages/core/src/content",
    projects: ["integration cache.test", "integration attacks.test", "integration"],
  },
  {
    folder: "packages/crypto-envelope/src/envelope",
    projects: ["crypto-envelope binding commitment limits lying", "crypto-envelope"],
  },
  { folder: "packages/crypto-envelope/src/message", projects: ["crypto-envelope vectors", "crypto-envelope"] },
  { folder: "packages/signer/src", projects: ["signer conformance signers", "signer", "integration options"] },
  { folder: "packages/core/src/keyring", projects: ["core keyring", "core"] },
  { folder: "packages/core/src/keyring-file/read.ts", projects: ["core keyring-file", "cli trust"] },
  { folder: "packages/core/src/audit", projects: ["integration audit"] },
  { folder: "packages/cas/src/privacy.ts", projects: ["cas privacy planted", "cas"] },
  { folder: "packages/cas/src/fan-outs.ts", projects: ["cas planted", "cas"] },
];

/**
 * Steps that no test can miss, with the reason: what they refuse is refused again, or cannot come.
 * @type {readonly { readonly file: string, readonly text: string, readonly because: string }[]}
 */
export const EXCUSED = [
  {
    file: "packages/core/src/audit/run.ts",
    text: "!lock.isHeld()",
    because:
      "only a process that stands still for seconds between two calls loses its lock, and no test can have it do so",
  },
  {
    file: "packages/core/src/audit/snapshot.ts",
    text: "tries === TRIES",
    because: "a log would have to be put aside between any two of a hundred looks",
  },
  {
    file: "packages/signer/src/ed25519-signer.ts",
    text: "proof.byteLength !== SIGNATURE_LENGTH",
    because: "both verifiers refuse a proof of another length by themselves",
  },
];
