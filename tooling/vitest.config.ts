import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));
const runtime = process.versions.bun === undefined ? [] : ["bun"];
const conditions = ["@cache/source", ...runtime, "node", "development|production"];

const folders = ["packages", "apps", "tooling"]
  .filter((group) => existsSync(root + group))
  .flatMap((group) => [group, ...readdirSync(root + group).map((name) => `${group}/${name}`)])
  .filter((folder) => existsSync(`${root}${folder}/test`));

/** Every folder with a `test` folder in it is a project; tests read the sources, so no build goes stale under them. */
export default defineConfig({
  test: {
    // Left to itself vitest keeps one of two cores free, and much of a test is waiting for a disk or another process.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: folders.map((folder) => ({
      root: root + folder,
      resolve: { conditions },
      ssr: { resolve: { conditions } },
      test: {
        name: basename(folder),
        include: ["test/**/*.test.ts"],
        setupFiles: process.env.TEST_SECRETS === undefined ? [] : [`${root}tooling/secrets/record.ts`],
        testTimeout: 60_000,
        hookTimeout: 60_000,
      },
    })),
    coverage: { provider: "v8", include: ["packages/*/src/**"], reporter: ["text-summary"] },
  },
});
