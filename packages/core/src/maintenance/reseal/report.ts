import type { MaintenanceOptions } from "../options.ts";

/** How a store is sealed again. */
export interface ResealOptions extends MaintenanceOptions {
  /**
   * Only what the key of this id, 16 bytes, has sealed.
   * @defaultValue whatever was not sealed with the primary key
   */
  readonly from?: Uint8Array | undefined;
  /**
   * Only say what would be done; everything is verified all the same.
   * @defaultValue false
   */
  readonly dryRun?: boolean | undefined;
}

/** What sealing again did, or would do. */
export interface ResealReport {
  /** Entries that lie under the primary key now. */
  readonly entries: number;
  /** Contents that lie under the primary key now. */
  readonly contents: number;
  /** Things that nothing had to be done for: the primary key sealed them, in this run or before, or a key that was not asked for. */
  readonly untouched: number;
  /** Entries past their time. They were removed instead. */
  readonly expired: number;
  /** Things that do not hold, or whose content does not. They stay where they are until `verifyStore` sets them aside. */
  readonly damaged: number;
  /** Sealed or signed with keys this process does not have, or in a later format. They stay. */
  readonly foreign: number;
  /** Sealed or signed with revoked keys. They stay until `collectGarbage` removes them: nobody should believe them again. */
  readonly revoked: number;
  /** Sealed under an older key, and nothing tells what they are: left-overs, which `collectGarbage` removes when they are old. */
  readonly unnamed: number;
  /** Entries that other processes kept writing under the older key: run again, when every writer has the new keyring. */
  readonly busy: number;
  /** Stored bytes of the things under older keys that were looked at. */
  readonly bytes: number;
}

/** What became of one thing. */
export type Outcome = Exclude<keyof ResealReport, "bytes">;
