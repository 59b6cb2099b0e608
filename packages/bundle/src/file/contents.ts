import { expanded } from "./compression.ts";
import { digested, type Stated } from "./digesting.ts";
import type { PlacedMember } from "./head.ts";
import type { PackageFile } from "./package-file.ts";

/** The stored bytes of a member, with a failure at their end if they are others than stated. */
export function storedBytes(file: PackageFile, member: PlacedMember, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  return digested(file.stream(member.at, member.size, signal), member);
}

/** What a member is once it is expanded. */
export function contentOf({ size, digest, note }: PlacedMember): Stated {
  return note?.compressed ?? { size, digest };
}

/**
 * The content of a member, expanded where it is compressed, with a failure at its end if its bytes are others than stated. Its
 * stored bytes have to be verified by then: nothing else is expanded.
 */
export function contentBytes(
  file: PackageFile,
  member: PlacedMember,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const stored = storedBytes(file, member, signal);
  const { compressed } = member.note ?? {};
  return compressed === undefined ? stored : digested(expanded(stored, compressed.size), compressed);
}
