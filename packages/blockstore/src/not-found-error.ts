/** A block is not there, or what is there is not the block. Users of blockstores go by `name`. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
  /** As older users have it. */
  readonly code = "ERR_NOT_FOUND";

  constructor() {
    super("the block is not there");
  }
}
