import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { compile } from "../examples/compile.mjs";
import { examplesOf } from "../examples/documents.mjs";
import { openLaboratory } from "../examples/laboratory.mjs";
import { runExample } from "../examples/run.mjs";
import { startImitation as startRedis } from "../redis-server/src/index.ts";
import { startImitation as startS3 } from "../s3-server/index.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { programs, problems } = examplesOf(root);
const laboratory = openLaboratory(root);
const messages = compile(
  laboratory.folder,
  programs.filter(({ language }) => language === "ts"),
);

const redis = await startRedis();
const s3 = await startS3();
const services = {
  REDIS_URL: `redis://${redis.host}:${redis.port}`,
  S3_ENDPOINT: s3.url,
  S3_BUCKET: s3.bucket,
  AWS_REGION: s3.region,
  AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
};

afterAll(async () => {
  laboratory.remove();
  await Promise.all([redis.stop(), s3.stop()]);
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
