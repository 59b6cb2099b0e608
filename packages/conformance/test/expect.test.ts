import { describe, expect, it } from "vitest";
import { expectBytes, expectFailure, expectSame, expectThat } from "../src/expect.ts";
import { ConformanceError } from "../src/index.ts";

function messageOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(ConformanceError);
    return (error as Error).message;
  }
  return "it held";
}

describe("a claim that does not hold", () => {
  it("says where bytes differ and never prints them all", () => {
    const [actual, expected] = [new Uint8Array(100_000), new Uint8Array(100_000)];
    actual[70_000] = 5;
    expect(messageOf(() => expectBytes(actual, expected, "get"))).toBe("get: differs at offset 70000: 5, expected 0");
    expect(messageOf(() => expectBytes(actual.subarray(0, 10), expected.subarray(0, 12), "get"))).toBe(
      "get: differs at offset 10 (10 bytes, expected 12): undefined, expected 0",
    );
    expect(messageOf(() => expectBytes(undefined, expected, "get"))).toBe("get: undefined, expected 100000 bytes");
    expect(messageOf(() => expectBytes(expected, Uint8Array.from(expected), "get"))).toBe("it held");
  });

  it("says what was seen and what was expected", () => {
    expect(messageOf(() => expectSame("a", "b", "verdict"))).toBe('verdict: "a", expected "b"');
    expect(messageOf(() => expectSame(new Uint8Array(5), undefined, "get"))).toBe("get: 5 bytes, expected undefined");
    expect(messageOf(() => expectSame(Number.NaN, Number.NaN, "size"))).toBe("it held");
    expect(messageOf(() => expectThat(false, "a put is visible"))).toBe("a put is visible");
  });

  it("is also a call that succeeds and should not have", async () => {
    const reason = new Error("as wanted");
    await expect(expectFailure(() => Promise.reject(reason), "put")).resolves.toBe(reason);
    await expect(expectFailure(async () => 5, "put")).rejects.toThrow("put: succeeded with 5, expected it to fail");
  });
});
