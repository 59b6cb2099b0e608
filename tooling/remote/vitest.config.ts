import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const conditions = ["@cache/source", "node", "development|production"];

/** The files that `remote.mjs` names, whichever package they are of. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: (process.env.REMOTE_FILES ?? "").split(" "),
    // What is measured must not compete with what is tested.
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
