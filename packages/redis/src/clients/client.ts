/** One word of a command. Bytes arrive as they are; text as UTF-8. */
export type RedisArgument = string | Uint8Array;

/** One server that keeps keys. */
export interface RedisNode {
  /** Sends one command, as {@link RedisClient.send} does, to this server. */
  send(command: readonly RedisArgument[]): Promise<unknown>;
}

/**
 * The part of a client that this package uses. It neither opens nor closes one, and sees no address and no password.
 * {@link fromIoredis} and {@link fromNodeRedis} make it of the usual clients.
 */
export interface RedisClient {
  /**
   * Sends one command and answers what the server says: `null`, a number, **bytes** for every string, or an array of
   * those. Rejects with the client's error when the server refused or did not answer; the message of a refusal begins
   * with the server's own word, such as `NOSCRIPT`.
   * @param key - the key that the command is about: in a cluster it tells which server to ask
   */
  send(command: readonly RedisArgument[], key: string): Promise<unknown>;

  /**
   * Given for a cluster, and for nothing else: all servers that keep keys, each asked for its own when names are listed.
   */
  readonly masters?: (() => Promise<readonly RedisNode[]>) | undefined;
}
