import { defineConfig } from "rolldown";

/**
 * The command in a few files instead of a hundred and thirty: loading modules is most of what a short command costs.
 * Commands stay apart, so that each loads its own code only. The package's exports are what tsc wrote, untouched.
 */
export default defineConfig({
  input: "dist/main.js",
  platform: "node",
  resolve: { conditionNames: ["node", "import", "default"] },
  output: { dir: "dist/bundle", format: "esm", sourcemap: false, cleanDir: true },
  logLevel: "warn",
});
