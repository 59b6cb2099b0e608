import type { Commands } from "./command.ts";
import { hashCommands } from "./hashes.ts";
import { keyCommands } from "./keys.ts";
import { stringCommands } from "./strings.ts";

/** Commands about data. */
export const dataCommands: Commands = { ...stringCommands, ...hashCommands, ...keyCommands };
