import { fileURLToPath } from "node:url";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import config from "../vitest.config.ts";
import { switches } from "./switches.mjs";

const observer = fileURLToPath(new URL("observer.mjs", import.meta.url));
const projects = (config.test?.projects ?? []) as TestProjectInlineConfiguration[];

/** The tests as they are, over sources whose verification steps can be taken out. */
export default defineConfig({
  test: {
    projects: projects.map((project) => ({
      ...project,
      plugins: [switches()],
      test: { ...project.test, setupFiles: [observer] },
    })),
  },
});
