import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { BIN, useBench } from "./cli.ts";

const bench = useBench();
const NAMESPACE = ["--user", "--map-root-user", "--mount"];

function canHaveDisks(): boolean {
  try {
    execFileSync("unshare", [...NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt"], { stdio: "ignore" });
    return true;
  } catch {
    console.log("left out: the command on disks of their own, since nothing can be mounted here");
    return false;
  }
}

/** In a shell: `cache` runs the command; what it prints on standard error and its exit code go to standard output. */
const SHELL = `
  set -e
  mkdir -p "$DISK"
  mount -t tmpfs -o "$OPTIONS",mode=700 none "$DISK"
  export CACHE_DIR="$DISK/store"
  cache() { code=0; "$NODE" "$BIN" "$@" 2>&1 >"$OUT" || code=$?; echo "$code $1"; }
  fill() { cat /dev/zero > "$DISK/filler" 2>/dev/null || true; }
`;

/** What a script on a tmpfs of its own printed, by lines. */
function onDisk(script: string, options: string): string[] {
  const env = {
    ...{ PATH: process.env.PATH, HOME: bench().home, DISK: bench().path("disk"), OPTIONS: options },
    ...{ NODE: process.execPath, BIN, OUT: bench().path("out") },
  };
  const { stdout, stderr, status } = spawnSync("unshare", [...NAMESPACE, "sh", "-c", SHELL + script], {
    encoding: "utf8",
    env,
  });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.trimEnd().split("\n");
}

const FAILED = (code: string) =>
  expect.stringMatching(new RegExp(`^cache: the store failed while .* \\(${code}\\) \\(ERR_CACHE_STORE\\)`));

describe.runIf(canHaveDisks())("the command on a medium that fails", () => {
  it("full: set and put end with 4 and the system's code; get, verify, rm and gc work, and set when there is room", () => {
    const lines = onDisk(
      `head -c 80000 /dev/urandom > "$OUT.in"; head -c 50000 /dev/urandom > "$OUT.more"
       cache set a "$OUT.in"; cache set gone "$OUT.in"
       fill
       cache set b "$OUT.in"; cache put "$OUT.more"
       cache get a; cmp "$OUT" "$OUT.in"; cache verify; cache rm gone; cache has gone; cache gc --keep 1h
       rm "$DISK/filler"
       cache set b "$OUT.in"; cache get b; cmp "$OUT" "$OUT.in"`,
      "size=1m",
    );
    expect(lines).toEqual([
      ...["0 set", "0 set", FAILED("ENOSPC"), "4 set", FAILED("ENOSPC"), "4 put"],
      ...["0 get", "0 verify", "0 rm", "1 has", "0 gc", "0 set", "0 get"],
    ]);
  });

  it("read-only: get and verify work, what is damaged is refused with 3, what changes something ends with 4", () => {
    const lines = onDisk(
      `head -c 80000 /dev/urandom > "$OUT.in"
       cache set a "$OUT.in"; echo small > "$OUT.small"; cache set b "$OUT.small"
       mount -o remount,ro "$DISK"
       cache get a; cmp "$OUT" "$OUT.in"; cache verify; cache set c "$OUT.in"; cache rm a; cache stats; cache ls
       mount -o remount,rw "$DISK"
       for each in "$CACHE_DIR"/v1/blobs/*/*; do head -c 100 "$each" > "$OUT.cut"; cat "$OUT.cut" > "$each"; done
       mount -o remount,ro "$DISK"
       cache get a; cache verify; cache get b; CACHE_DIR="$DISK/none" cache get a; CACHE_DIR="$DISK/none" cache set a "$OUT.in"`,
      "size=1m",
    );
    expect(lines).toEqual([
      ...["0 set", "0 set", "0 get", "0 verify", FAILED("EROFS"), "4 set", FAILED("EROFS"), "4 rm", "0 stats", "0 ls"],
      ...[expect.stringMatching(/ERR_CACHE_AUTH/), "3 get", "3 verify", "0 get", "1 get", FAILED("EROFS"), "4 set"],
    ]);
  });

  it("no more files: as full", () => {
    const lines = onDisk(
      `echo small > "$OUT.in"; cache set a "$OUT.in"
       mkdir "$DISK/files"; n=0; while touch "$DISK/files/$n" 2>/dev/null; do n=$((n+1)); done
       cache set b "$OUT.in"; cache get a; cache verify; cache rm a; cache has a
       rm -r "$DISK/files"; cache set b "$OUT.in"; cache has b`,
      "size=1m,nr_inodes=60",
    );
    expect(lines).toEqual([
      ...["0 set", FAILED("ENOSPC"), "4 set", "0 get", "0 verify", "0 rm", "1 has", "0 set", "0 has"],
    ]);
  });

  it("taken away: a miss, and found again when it is back", () => {
    const lines = onDisk(
      `mkdir "$DISK/medium" "$DISK/place"; chmod 700 "$DISK/place"; export CACHE_DIR="$DISK/place/store"
       mount --bind "$DISK/medium" "$DISK/place"
       echo small > "$OUT.in"; cache set a "$OUT.in"
       umount -l "$DISK/place"; cache get a
       mount --bind "$DISK/medium" "$DISK/place"; cache get a`,
      "size=1m",
    );
    expect(lines).toEqual(["0 set", "1 get", "0 get"]);
  });
});

const isRoot = process.getuid?.() === 0;

test("a store whose parts may not be read or written ends with 4, never with a miss", async () => {
  const how = isRoot ? { uid: 12345 } : {};
  if (isRoot) {
    chmodSync(bench().root, 0o755);
    chmodSync(bench().home, 0o755);
    mkdirSync(bench().dir, { mode: 0o700 });
    chownSync(bench().dir, 12345, 12345);
  }
  expect((await bench().run(["set", "a"], { ...how, input: "value" })).code).toBe(0);
  const entries = `${bench().dir}/v1/entries`;
  for (const command of ["get", "has", "rm", "set", "verify"]) {
    chmodSync(entries, 0o000);
    const args = command === "verify" ? [command] : [command, "a"];
    const { code, err } = await bench().run(args, { ...how, input: "value" });
    chmodSync(entries, 0o700);
    expect({ command, code, err }).toMatchObject({ code: 4, err: expect.stringContaining("EACCES") });
  }
  expect(await bench().run(["get", "a"], how)).toMatchObject({ code: 0, out: "value" });
});
