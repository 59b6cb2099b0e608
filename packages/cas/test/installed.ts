import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll } from "vitest";

const packages = fileURLToPath(new URL("../../", import.meta.url));

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  rewriteRelativeImportExtensions: true,
};

function install(base: string, name: string): void {
  const to = join(base, "node_modules", "@cache", name);
  const sources = join(packages, name, "src");
  for (const file of readdirSync(sources, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const target = join(to, "dist", file.replace(/ts$/, "js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      ts.transpileModule(readFileSync(join(sources, file), "utf8"), { compilerOptions }).outputText,
    );
  }
  const manifest = readFileSync(join(packages, name, "package.json"), "utf8");
  writeFileSync(join(to, "package.json"), manifest);
  const { dependencies = {} } = JSON.parse(manifest) as { dependencies?: Record<string, string> };
  for (const each of Object.keys(dependencies)) {
    const from = join(packages, name, "node_modules", each);
    cpSync(from, join(base, "node_modules", each), { recursive: true, dereference: true });
  }
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface How {
  readonly args?: readonly string[];
  /** Options of Node itself. */
  readonly node?: readonly string[];
  readonly uid?: number;
  /** Shell commands that set limits before the program begins. */
  readonly limits?: string;
}

export interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the program has printed so many lines. */
  lines(count: number): Promise<string[]>;
}

/** A place where programs find these packages as a user's would: compiled, from the sources as they are now. */
export class Installed {
  readonly base: string = mkdtempSync(join(tmpdir(), "cas-installed-"));

  constructor() {
    // Other users run programs from it too.
    chmodSync(this.base, 0o755);
    install(this.base, "core");
    install(this.base, "cas");
    afterAll(() => rmSync(this.base, { recursive: true, force: true }));
  }

  /** Starts a program that finds `fileStore` and the rest imported, and `args`. */
  start(program: string, { args = [], node = [], uid, limits }: How = {}): Child {
    // Not by `spawn`: the other user may not be allowed to run a Node that lies in our home directory.
    const become = uid === undefined ? "" : `process.setgroups([]); process.setgid(${uid}); process.setuid(${uid});`;
    const code = `import { fileStore, ephemeralStore } from "@cache/cas"; ${become} const args = process.argv.slice(1); ${program}`;
    const command = [process.execPath, ...node, "--input-type=module", "-e", code, ...args];
    const [file, rest] =
      limits === undefined
        ? [process.execPath, command.slice(1)]
        : ["sh", ["-c", `${limits}; exec "$0" "$@"`, ...command]];
    const child = spawn(file as string, rest as string[], { cwd: this.base, stdio: ["ignore", "pipe", "pipe"] });
    return watch(child);
  }

  run(program: string, how?: How): Promise<Ended> {
    return this.start(program, how).ended;
  }
}

function watch(child: ChildProcess): Child {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (piece) => {
    out += piece;
  });
  child.stderr?.on("data", (piece) => {
    err += piece;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, out, err }));
  });
  return {
    process: child,
    ended,
    async lines(count) {
      for (;;) {
        const lines = out.split("\n").slice(0, -1);
        if (lines.length >= count) return lines;
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the program ended early: ${err}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}
