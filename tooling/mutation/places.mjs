/**
 * Where bytes, names, keys, owners, modes and times are verified. A file belongs to the first place that it is in. The other
 * files of the file store decide what to do after a failure of the medium, or when to make room: what is used at that very moment
 * is spared is for several processes to show (`pnpm test:soak`).
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
  "packages/core/src/digest",
  "packages/core/src/memoize",
  "packages/calls/src",
  "packages/core/src/wrappers",
  "packages/core/src/platform",
  "packages/core/src/units",
  "packages/core/src/crypto",
  "packages/core/src/host",
  "packages/memory/src/memory-store.ts",
  "packages/memory/src/values.ts",
  "packages/memory/src/collect.ts",
  "packages/bundle/src",
  "packages/cas/src/privacy.ts",
  "packages/cas/src/default-directory.ts",
  "packages/cas/src/root.ts",
  "packages/cas/src/layout.ts",
  "packages/cas/src/fan-outs.ts",
  "packages/cas/src/open.ts",
  "packages/cas/src/get.ts",
  "packages/cas/src/listing.ts",
  "packages/cas/src/remove.ts",
  "packages/cas/src/value-file.ts",
  "packages/cas/src/put.ts",
  "packages/cas/src/put-stream.ts",
  "packages/cas/src/file-store.ts",
  "packages/cas/src/monotonic-store.ts",
  "packages/cas/src/limits/ledger.ts",
  "packages/cas/src/limits/ledger-text.ts",
  "packages/cas/src/limits/limits.ts",
  "packages/cas/src/monitor/aside.ts",
  "packages/cas/src/monitor/comparison.ts",
  "packages/cas/src/monitor/judge.ts",
  "packages/cas/src/monitor/options.ts",
  "packages/cas/src/monitor/places.ts",
  "packages/cas/src/monitor/view.ts",
  "packages/cas/src/ephemeral",
].map((path) => ({ path }));

/** The tests that count. Those of the command run what was built, where every step is in its place. */
export const TESTS = [
  "packages/core/test",
  "packages/calls/test",
  "packages/crypto-envelope/test",
  "packages/signer/test",
  "packages/cas/test",
  "packages/memory/test",
  "packages/bundle/test",
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
  signsAs: "refuses",
};
