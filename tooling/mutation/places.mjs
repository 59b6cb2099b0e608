/**
 * Where bytes, names, keys, owners, modes and times are verified. A file belongs to the first place that it is in.
 * @type {readonly { readonly path: string }[]}
 */
export const PLACES = [
  "packages/core/src/record",
  "packages/core/src/content",
  "packages/crypto-envelope/src/envelope",
  "packages/crypto-envelope/src/message",
  "packages/crypto-envelope/src/aead",
  "packages/crypto-envelope/src/passphrase",
  "packages/crypto-envelope/src",
  "packages/signer/src",
  "packages/core/src/keyring-file",
  "packages/core/src/keyring",
  "packages/core/src/cache",
  "packages/core/src/maintenance/reseal",
  "packages/core/src/maintenance",
  "packages/core/src/audit",
  "packages/core/src/bytes",
  "packages/core/src/adapter",
  "packages/core/src/codecs",
  "packages/cas/src/privacy.ts",
  "packages/cas/src/limits",
  "packages/cas/src/monitor",
  "packages/cas/src/ephemeral",
  "packages/cas/src",
].map((path) => ({ path }));

/** The tests that count. Those of the command run what was built, where every step is in its place. */
export const TESTS = [
  "packages/core/test",
  "packages/crypto-envelope/test",
  "packages/signer/test",
  "packages/cas/test",
  "packages/memory/test",
  "packages/conformance/test",
  "tooling/integration/test",
];

/**
 * Functions that verify and say what they found by true or false, by name: what true means.
 * @type {Readonly<Record<string, "refuses" | "accepts">>}
 */
export const PREDICATES = {
  answersRight: "accepts",
  isAmount: "accepts",
  isCount: "accepts",
  isDate: "accepts",
  isDead: "accepts",
  isFunction: "accepts",
  isHeld: "accepts",
  isKey: "accepts",
  isLater: "accepts",
  isOfOneMoment: "accepts",
  isOfThisMachine: "accepts",
  isOld: "accepts",
  isOpenToOthers: "refuses",
  isOurs: "accepts",
  isText: "accepts",
  isWhole: "accepts",
};

/**
 * Steps that no test can miss, with the reason: what they refuse is refused again, or cannot come.
 * @type {readonly { readonly file: string, readonly text: string, readonly because: string }[]}
 */
export const EXCUSED = [
  {
    file: "packages/crypto-envelope/src/envelope/metadata.ts",
    text: "bytes.byteLength < LENGTH",
    because: "a prefix that announces a shorter metadata message is refused before: this one keeps the decoder whole",
  },
  {
    file: "packages/crypto-envelope/src/passphrase/protection.ts",
    text: 'isCacheError(cause, "ERR_CACHE_AUTH")',
    because:
      "opening throws nothing else, unless the platform's cipher fails its own test, and no test can have it do so",
  },
  {
    file: "packages/core/src/keyring-file/lock.ts",
    text: '(error as { code?: string }).code === "ESRCH"',
    because: "root may ask every process, so only as another user does a test find it: keyring-write.test.ts has that one",
  },
  {
    file: "packages/core/src/keyring-file/lock.ts",
    text: "present !== UNKNOWN",
    because: "where Linux does not tell when a process began it has ended since it was asked whether it runs",
  },
  {
    file: "packages/core/src/keyring-file/private-file.ts",
    text: "size > MAX_KEYRING_BYTES",
    because: "what is read ends at the same bound: this one spares the reading",
  },
  {
    file: "packages/core/src/keyring-file/publish.ts",
    text: "NO_LINKS.includes(codeOf(error))",
    because: "what else a link fails of a rename fails of, too",
  },
  {
    file: "packages/core/src/keyring-file/publish.ts",
    text: "await exists(path)",
    because: "only a file system without hard links gets here, and no test can count on one",
  },
  {
    file: "packages/core/src/keyring-file/publish.ts",
    text: 'codeOf(error) === "ENOENT"',
    because: "only a file system without hard links gets here, and no test can count on one",
  },
  {
    file: "packages/core/src/keyring/key-string.ts",
    text: "bytes === undefined",
    because: "48 characters of that alphabet always stand for 36 bytes: this is for the compiler",
  },
  {
    file: "packages/signer/src/ed25519/check-signature.ts",
    text: "signature.byteLength !== SIGNATURE_LENGTH",
    because: "both verifiers refuse a signature of another length by themselves",
  },
];
