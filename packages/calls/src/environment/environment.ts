/** Where a call was made. */
export interface Environment {
  /** `node 20.20.2` */
  readonly runtime: string;
  /** `linux x64` */
  readonly platform: string;
  /** The machine's name; only where the log was told to keep it. */
  readonly host?: string | undefined;
}
