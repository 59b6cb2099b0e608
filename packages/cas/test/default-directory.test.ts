import { describe, expect, it } from "vitest";
import { defaultCacheDirectory, type Host } from "../src/index.ts";
import { failureOf } from "./directories.ts";

const linux: Host = { platform: "linux", environment: {}, home: "/home/ada" };
const mac: Host = { platform: "darwin", environment: { XDG_CACHE_HOME: "/x" }, home: "/Users/ada" };
const windows: Host = { platform: "win32", environment: {}, home: "C:\\Users\\ada" };
const withEnvironment = (host: Host, environment: Host["environment"]): Host => ({ ...host, environment });

describe("defaultCacheDirectory", () => {
  it.each([
    ["Linux", linux, "/home/ada/.cache/tool"],
    ["Linux with XDG_CACHE_HOME", withEnvironment(linux, { XDG_CACHE_HOME: "/var/c" }), "/var/c/tool"],
    ["Linux with a relative XDG_CACHE_HOME", withEnvironment(linux, { XDG_CACHE_HOME: "c" }), "/home/ada/.cache/tool"],
    ["Linux with an empty XDG_CACHE_HOME", withEnvironment(linux, { XDG_CACHE_HOME: "" }), "/home/ada/.cache/tool"],
    ["FreeBSD", { ...linux, platform: "freebsd" } as Host, "/home/ada/.cache/tool"],
    ["macOS", mac, "/Users/ada/Library/Caches/tool"],
    ["Windows", windows, "C:\\Users\\ada\\AppData\\Local\\tool\\Cache"],
    ["Windows with LOCALAPPDATA", withEnvironment(windows, { LOCALAPPDATA: "D:\\l" }), "D:\\l\\tool\\Cache"],
    [
      "Windows, relative LOCALAPPDATA",
      withEnvironment(windows, { LOCALAPPDATA: "l" }),
      "C:\\Users\\ada\\AppData\\Local\\tool\\Cache",
    ],
    ["Windows, a share", withEnvironment(windows, { LOCALAPPDATA: "\\\\s\\l" }), "\\\\s\\l\\tool\\Cache"],
  ])("%s", (_, host, expected) => {
    expect(defaultCacheDirectory("tool", host)).toBe(expected);
  });

  it("asks this process and its user when no host is given", () => {
    expect(defaultCacheDirectory("tool")).toMatch(/tool/);
  });

  it.each([
    "",
    ".",
    "..",
    ".hidden",
    "a/b",
    "a\\b",
    "a b",
    "a:b",
    "@scope/tool",
    "x.",
    "ä",
    "con",
    "NUL.txt",
    "com1",
    "x".repeat(65),
    "a\0",
    "a\n",
  ])("%j is no application's name, on any platform", (application) => {
    for (const host of [linux, mac, windows]) {
      expect(() => defaultCacheDirectory(application, host)).toThrow(TypeError);
    }
  });

  it.each(["a", "tool", "my-tool_2.0", "Console", "x".repeat(64)])("%s is one", (application) => {
    expect(defaultCacheDirectory(application, linux)).toBe(`/home/ada/.cache/${application}`);
  });

  it("no home directory is ERR_CACHE_CONFIG, unless it is not needed", async () => {
    for (const home of ["", "relative"]) {
      for (const host of [linux, mac, windows]) {
        const failure = await failureOf(Promise.resolve().then(() => defaultCacheDirectory("tool", { ...host, home })));
        expect(failure.code).toBe("ERR_CACHE_CONFIG");
      }
      const host = { ...linux, home, environment: { XDG_CACHE_HOME: "/c" } };
      expect(defaultCacheDirectory("tool", host)).toBe("/c/tool");
    }
  });
});
