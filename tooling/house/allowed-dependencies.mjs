/**
 * Third-party packages that a package of ours may bring to its users. Whoever is not listed brings none: an adapter's
 * client is a peer, chosen and configured by the user. Each line here was decided on; adding one is a decision too.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const ALLOWED = {
  cli: ["smol-toml"],
  core: ["@noble/curves", "@noble/hashes", "@standard-schema/spec", "devalue"],
  "crypto-envelope": ["@noble/ciphers", "@noble/hashes"],
  s3: ["aws4fetch"],
  signer: ["@noble/curves"],
};
