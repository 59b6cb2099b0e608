import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { compile } from "../examples/compile.mjs";
import { examplesOf } from "../examples/documents.mjs";
import { openLaboratory } from "../examples/laboratory.mjs";
import { runExample } from "../examples/run.mjs";
import { startImitation } from "../redis-server/src/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { programs, problems } = examplesOf(root);
const laboratory = openLaboratory(root);
const messages = compile(
  laboratory.folder,
  programs.filter(({ language }) => language === "ts"),
);

const redis = await startImitation();
const services = { REDIS_URL: `redis://${redis.host}:${redis.port}` };

afterAll(async () => {
  laboratory.remove();
  await redis.stop();
});

describe("the examples of the documents", () => {
  it("every block has a language and tags that are checked", () => {
    expect(problems).toEqual([]);
  });

  for (const program of programs) {
    const { file, line, language, runs } = program;
    const does = [language === "ts" ? "compiles" : [], runs ? "runs" : []].flat().join(" and ");
    it.concurrent(`${file}:${line} ${does}`, async () => {
      expect(messages.get(program) ?? []).toEqual([]);
      if (runs) expect(await runExample(laboratory, program, services)).toBeUndefined();
    });
  }
});
