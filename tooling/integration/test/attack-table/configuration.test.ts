import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { createCache } from "@cache/core";
import { runProgram } from "../audit-logs.ts";
import { directory } from "../slots.ts";
import { tryAttack } from "./attack.ts";

/** A program that begins in the directory of its first argument, and prints the value of `a` in its cache. */
type Program = string;

const BEGIN = "process.chdir(process.argv[1]); process.env.HOME = process.argv[2]; delete process.env.XDG_CONFIG_HOME;";

tryAttack<Program>({
  title: "A23: a malicious configuration in the working directory",
  async run(program) {
    const [project, home, elsewhere] = [directory(), directory(), join(directory(), "poisoned")];
    await createCache({ store: fileStore(elsewhere) }).set("a", "poisoned");
    mkdirSync(join(project, "below"));
    const start = () => runProgram(`${BEGIN}\n${program}`, join(project, "below"), home).catch(String);
    const [mark, code] = [join(home, "mark"), join(project, "cache.config.mjs")];
    writeFileSync(
      code,
      `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(mark)}, ""); export default {};`,
    );
    await start();
    if (existsSync(mark)) return "succeeded: the project's code ran";
    rmSync(code);
    writeFileSync(join(project, "cache.config.json"), JSON.stringify({ dir: elsewhere }));
    return (await start()).includes('"poisoned"') ? "succeeded: the project chose what is believed" : "stopped";
  },
  ours: {
    "a cache that a configuration describes": () => `
      import { openCache } from "@cache/config";
      const cache = await openCache();
      console.log(JSON.stringify(await cache.get("a")));`,
  },
  weak: {
    "a program that uses what it finds": () => `
      import { existsSync, readFileSync } from "node:fs";
      import { fileStore } from "@cache/cas";
      import { createCache } from "@cache/core";
      if (existsSync("../cache.config.mjs")) await import("file://" + process.cwd() + "/../cache.config.mjs");
      else {
        const { dir } = JSON.parse(readFileSync("../cache.config.json", "utf8"));
        console.log(JSON.stringify(await createCache({ store: fileStore(dir) }).get("a")));
      }`,
    "a program that uses what it finds but runs no code": () => `
      import { existsSync, readFileSync } from "node:fs";
      import { fileStore } from "@cache/cas";
      import { createCache } from "@cache/core";
      if (existsSync("../cache.config.json")) {
        const { dir } = JSON.parse(readFileSync("../cache.config.json", "utf8"));
        console.log(JSON.stringify(await createCache({ store: fileStore(dir) }).get("a")));
      }`,
  },
});
