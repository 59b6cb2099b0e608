/**
 * Why a value is believed: `signed` by a key the reader trusts; `sealed` by a holder of the sealing key;
 * `integrity-only`, its digest holds and anybody could have written it.
 */
export type Trust = "signed" | "sealed" | "integrity-only";

/** What is known of a value besides itself. Times are milliseconds since 1970 UTC. */
export interface Found {
  readonly trust: Trust;
  readonly created: number;
  /** Absent: never. */
  readonly expires?: number | undefined;
  readonly sequence: number;
  /** By the writer's own account. */
  readonly writer: string;
  /** Id of the signing key in hexadecimal, when signed. */
  readonly signedBy?: string | undefined;
  /** Length of the encoded value in bytes. */
  readonly size: number;
  /** SHA-256 of the encoded value: 64 hexadecimal digits. */
  readonly digest: string;
  /** False: there is no `rollback` slot, so an older value of the same name would have been believed too, within its validity. */
  readonly rollbackChecked: boolean;
}
