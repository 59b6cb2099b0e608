import * as filesystem from "node:fs/promises";
import * as net from "node:net";
import * as os from "node:os";
import * as timers from "node:timers/promises";
import { defineConfig } from "rolldown";

/** Parts of Node that a short command does not need, and that cost it a millisecond. @type {Record<string, object>} */
const LATE = { "node:fs/promises": filesystem, "node:net": net, "node:os": os, "node:timers/promises": timers };
const MARK = "late:";

/** What every command needs, and what `cache get` needs besides: in one file, as each costs a quarter of a millisecond. */
const READING =
  /cli.dist.(main|arguments|commands|environment|exit-codes|failure|output|parse|session|usage-error|config.\w+|commands.get)\.js$|packages.config.dist.(index|chain-config|config|host|load|overlay|unusable|find.\w+|open.select)\.js$|cas.dist.(?!monitor)|core.dist.(?!platform.portable|crypto.portable)(adapter|bytes|cache|codecs|content|crypto|host|platform|record|units).|late:|rolldown.runtime/;
/** What it needs besides when entries are sealed: apart, as compiling it costs the others a millisecond. */
const SEALED =
  /cli.dist.(trust|keyring-source)\.js$|packages.config.dist.keys.(?!signers.ed25519|chain\.|seen-apart|named-keys|trust-texts)|core.dist.keyring|crypto-envelope.dist./;

/** What no short command loads, and may use what is no function of these parts. */
const LONG = /packages.bundle.dist.|cli.dist.files./;

/** Loads these parts at the first call of one of their functions. */
const late = {
  name: "late",
  resolveId: (/** @type {string} */ id, /** @type {string | undefined} */ importer) =>
    id in LATE && !importer?.startsWith(MARK) && !LONG.test(importer ?? "") ? MARK + id : null,
  load: (/** @type {string} */ id) => {
    if (!id.startsWith(MARK)) return null;
    const name = id.slice(MARK.length);
    const functions = Object.entries(LATE[name] ?? {}).filter(([, value]) => typeof value === "function");
    return functions
      .map(([each]) => `export const ${each} = (...given) => process.getBuiltinModule("${name}").${each}(...given);`)
      .join("\n");
  },
};

/**
 * The command in a few files instead of a hundred and thirty: loading modules is most of what a short command costs.
 * What reading an entry needs is one file, other commands stay apart. The package's exports are what tsc wrote, untouched.
 */
export default defineConfig({
  input: "dist/main.js",
  preserveEntrySignatures: "allow-extension",
  platform: "node",
  resolve: { conditionNames: ["node", "import", "default"] },
  plugins: [late],
  output: {
    dir: "dist/bundle",
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name]-[hash].cjs",
    sourcemap: false,
    minify: true,
    cleanDir: true,
    codeSplitting: {
      groups: [
        { name: "reading", test: READING, priority: 1 },
        { name: "sealed", test: SEALED },
      ],
    },
  },
  logLevel: "warn",
});
