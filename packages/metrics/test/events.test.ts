import { createCache } from "@cache/core";
import { describe, expect, it } from "vitest";
import { loggedEvents, meterEvents, prometheusMeter } from "../src/index.ts";
import { EVENT, makeStore, Notebook } from "./samples.ts";

describe("meterEvents", () => {
  it("counts what a cache meets", async () => {
    const notes = new Notebook();
    const cache = createCache({ store: makeStore(), namespace: "builds", onEvent: meterEvents(notes) });
    await cache.get("a");
    await cache.set("a", 1);
    await cache.get("a");
    expect(notes.about("cache.events")).toEqual([
      "+1 miss info entries builds",
      "+1 set info entries builds",
      "+1 hit info entries builds",
    ]);
  });

  it("counts what was refused by its code", async () => {
    const notes = new Notebook();
    const store = makeStore();
    const cache = createCache({ store, onEvent: meterEvents(notes) });
    await cache.set("a", 1);
    for await (const { name } of store.list("entries")) await store.put(name, new Uint8Array(100));
    await cache.get("a");
    const rejected = notes.about("cache.events").filter((line) => line.includes("rejected"));
    expect(rejected).toEqual(["+1 rejected security entries  ERR_CACHE_FORMAT"]);
  });

  it("tells so many namespaces apart as it was told to, and has no label that differs by key", () => {
    const meter = prometheusMeter();
    const listener = meterEvents(meter, { maxNamespaces: 2 });
    for (let tenant = 0; tenant < 1000; tenant++) {
      listener({
        ...EVENT,
        namespace: `tenant ${tenant}`,
        id: tenant.toString(16).padStart(16, "0"),
        keyId: `k${tenant}`,
      });
    }
    listener({ ...EVENT, namespace: "tenant 1" });
    expect(meter.text().split("\n").slice(2, -1)).toEqual([
      'cache_events_total{level="info",namespace="(other)",plane="entries",type="hit"} 998',
      'cache_events_total{level="info",namespace="tenant 0",plane="entries",type="hit"} 1',
      'cache_events_total{level="info",namespace="tenant 1",plane="entries",type="hit"} 2',
    ]);
  });

  it("never throws, whatever the meter does", () => {
    const fail = () => {
      throw new Error("full");
    };
    expect(() => meterEvents({ count: fail, record: fail })(EVENT)).not.toThrow();
  });

  it.each<[string, () => unknown]>([
    ["no meter", () => meterEvents(undefined as never)],
    ["an option there is not", () => meterEvents(new Notebook(), { namespaces: 1 } as never)],
    ["no namespaces", () => meterEvents(new Notebook(), { maxNamespaces: 0 })],
  ])("refuses %s", (_, wrong) => expect(wrong).toThrow(TypeError));
});

type Line = [method: string, fields: object, message: string];

function logger() {
  const lines: Line[] = [];
  const log = (method: string) =>
    function (this: unknown, fields: object, message: string) {
      expect(this).toBe(made);
      lines.push([method, fields, message]);
    };
  const made = { info: log("info"), warn: log("warn"), error: log("error"), lines };
  return made;
}

describe("loggedEvents", () => {
  it("logs damage as an error and hits not at all", async () => {
    const log = logger();
    const store = makeStore();
    const cache = createCache({ store, namespace: "builds", onEvent: loggedEvents(log) });
    await cache.set("a", 1);
    await cache.get("a");
    expect(log.lines).toEqual([]);
    for await (const { name } of store.list("entries")) await store.put(name, new Uint8Array(100));
    await cache.get("a");
    const [method, fields, message] = log.lines.find(([, , text]) => text.includes("rejected")) as Line;
    expect([method, message]).toEqual(["error", "cache: rejected (ERR_CACHE_FORMAT)"]);
    expect(fields).toMatchObject({ cache: { type: "rejected", namespace: "builds", code: "ERR_CACHE_FORMAT" } });
  });

  it("logs from the level that was asked for on", () => {
    const log = logger();
    for (const level of ["info", "warning", "security"] as const) {
      const listener = loggedEvents(log, { level });
      for (const each of ["info", "warning", "security"] as const) listener({ ...EVENT, level: each });
    }
    expect(log.lines.map(([method]) => method)).toEqual(["info", "warn", "error", "warn", "error", "error"]);
  });

  it("logs the fields it knows of an event, and no others", () => {
    const log = logger();
    loggedEvents(log, { level: "info" })({ ...EVENT, keyId: "00ff", secret: "s" } as never);
    const { type, namespace, plane, id } = EVENT;
    expect(log.lines).toEqual([["info", { cache: { type, namespace, plane, id, keyId: "00ff" } }, "cache: hit"]]);
  });

  it("never throws, whatever the logger does", () => {
    const fail = () => {
      throw new Error("closed");
    };
    expect(() => loggedEvents({ info: fail, warn: fail, error: fail }, { level: "info" })(EVENT)).not.toThrow();
  });

  it.each<[string, () => unknown]>([
    ["no logger", () => loggedEvents({ info: () => {} } as never)],
    ["a level there is not", () => loggedEvents(console, { level: "debug" as never })],
    ["an option there is not", () => loggedEvents(console, { levels: "info" } as never)],
  ])("refuses %s", (_, wrong) => expect(wrong).toThrow(TypeError));
});
