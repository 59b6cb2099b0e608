import type { RedisClient } from "./clients/client.ts";
import { Connection } from "./connection.ts";
import { Keys } from "./keys.ts";
import type { Settings } from "./options.ts";
import { Reading } from "./reading.ts";
import { Writing } from "./writing.ts";

/** One Redis with what a store does there. */
export class Medium {
  readonly connection: Connection;
  readonly keys: Keys;
  readonly settings: Settings;
  readonly reading: Reading;
  readonly writing: Writing;

  constructor(client: RedisClient, settings: Settings) {
    this.settings = settings;
    this.connection = new Connection(client, settings.timeout);
    this.keys = new Keys(settings.prefix);
    this.reading = new Reading(this.connection, this.keys);
    this.writing = new Writing(this.connection, this.keys, settings);
  }
}
