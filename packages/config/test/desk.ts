import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { CacheConfig } from "../src/index.ts";

/** A user's home with a project in it, removed afterwards. */
export class Desk {
  readonly home: string = realpathSync(mkdtempSync(join(tmpdir(), "cache-config-")));
  readonly project: string = this.path("src/project");
  environment: Record<string, string | undefined> = { HOME: this.home };

  constructor() {
    mkdirSync(this.project, { recursive: true });
  }

  path(name: string): string {
    return join(this.home, name);
  }

  /** Writes a file below the home directory; an object as JSON. */
  write(name: string, content: string | CacheConfig | Record<string, unknown>, mode = 0o600): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content), { mode });
    return path;
  }

  /** The user's own file. */
  own(config: CacheConfig | Record<string, unknown>): string {
    return this.write(".config/cache/config.json", config);
  }

  /** Where a program that runs in the project looks. */
  get here(): { cwd: string; environment: Record<string, string | undefined> } {
    return { cwd: this.project, environment: this.environment };
  }
}

/** A fresh desk for every test of a file. */
export function useDesk(): () => Desk {
  let desk: Desk;
  beforeEach(() => {
    desk = new Desk();
  });
  afterEach(() => rmSync(desk.home, { recursive: true, force: true }));
  return () => desk;
}
