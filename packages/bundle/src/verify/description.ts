import type { Trust } from "@cache/core";
import { fromUtf8, toHex } from "@cache/core/bytes";
import type { Contents, Launch, Purpose } from "../about/about.ts";
import { isReserved } from "../about/agreement.ts";
import { contentOf } from "../file/contents.ts";
import type { Head } from "../file/head.ts";
import type { TrustOptions } from "../file/trust.ts";
import { malformed } from "../malformed.ts";

/** A member, as users see it. */
export interface MemberDescription {
  readonly path: string;
  readonly type: "file" | "directory";
  /** Permissions: the nine bits of `rwxrwxrwx`. */
  readonly mode: number;
  /** Length in bytes once extracted. */
  readonly size: number;
  /** Length in bytes in the package. */
  readonly storedSize: number;
  /** SHA-256 once extracted, in hexadecimal; absent for a directory. */
  readonly digest?: string | undefined;
  readonly purpose?: Purpose | undefined;
  readonly compression?: "brotli" | undefined;
}

/** What a package says. Times are milliseconds since 1970 UTC. */
export interface BundleDescription {
  readonly name: string;
  readonly namespace: string;
  /** Of what is in it, by its maker's count. */
  readonly version?: string | undefined;
  /** SHA-256 of the manifest in hexadecimal: the same for the same contents, whoever signed them. */
  readonly digest: string;
  /** 0 when its maker gave none. */
  readonly created: number;
  /** Absent: never. */
  readonly expires?: number | undefined;
  readonly sequence: number;
  /** By the maker's own account. */
  readonly writer: string;
  /** Absent: files and directories. Otherwise entries of a cache, for `importEntries`. */
  readonly contents?: Contents | undefined;
  readonly launch?: Launch | undefined;
  readonly members: readonly MemberDescription[];
  /** Bytes of all members once extracted. */
  readonly size: number;
  /** Bytes of the file. */
  readonly fileSize: number;
}

/** What a package says whose proof holds. */
export interface VerifiedBundle extends BundleDescription {
  /** `integrity-only`: nobody signed it, and anybody could have made it. */
  readonly trust: Extract<Trust, "signed" | "integrity-only">;
  /** Id of the signing key in hexadecimal, when signed. */
  readonly signedBy?: string | undefined;
  /** Ids of the further keys that signed it, where several were demanded. */
  readonly cosignedBy: readonly string[];
  /** The key that made it no longer signs. */
  readonly retiredKey: boolean;
  /** Those of `cosignedBy` that no longer sign. */
  readonly retiredCosigners: readonly string[];
  /** False: there was no `rollback`, so an older package of the same name would have been believed too. */
  readonly rollbackChecked: boolean;
}

function nameOf(key: Uint8Array): string {
  try {
    return fromUtf8(key);
  } catch (cause) {
    throw malformed("package", "its name is not UTF-8", cause);
  }
}

function describeMember(member: Head["members"][number]): MemberDescription {
  const { path, type, mode, size: storedSize, note } = member;
  const { size, digest } = contentOf(member);
  const about = { purpose: note?.purpose, compression: note?.compressed?.algorithm };
  return { path, type, mode, size, storedSize, digest: type === "file" ? toHex(digest) : undefined, ...about };
}

/** The description of a head, whoever vouches for it. */
export function describe({ statement, about, members }: Head, fileSize: number): BundleDescription {
  const { created, expires, sequence, writer, namespace, key, digest } = statement;
  const described = members.filter(({ path }) => !isReserved(path)).map(describeMember);
  return {
    name: nameOf(key),
    namespace,
    version: about.version,
    digest: toHex(digest),
    created,
    expires: expires === 0 ? undefined : expires,
    ...{ sequence, writer, contents: about.contents, launch: about.launch, members: described },
    size: described.reduce((sum, { size }) => sum + size, 0),
    fileSize,
  };
}

/** The description of a head whose proof holds. */
export function describeVerified(head: Head, fileSize: number, { rollback }: TrustOptions): VerifiedBundle {
  const signed = head.algorithm !== 0;
  return {
    ...describe(head, fileSize),
    trust: signed ? "signed" : "integrity-only",
    signedBy: signed ? toHex(head.keyId) : undefined,
    cosignedBy: head.cosigners.map(({ keyId }) => keyId),
    retiredKey: head.retired,
    retiredCosigners: head.cosigners.filter(({ retired }) => retired).map(({ keyId }) => keyId),
    rollbackChecked: rollback !== undefined,
  };
}
