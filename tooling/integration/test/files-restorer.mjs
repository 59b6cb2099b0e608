// Restores a key again and again, each time to a new place, until it is killed: DIRECTORY KEY PLACE
import { fileStore } from "@cache/cas";
import { createCache } from "@cache/core";
import { fileCache } from "@cache/files";

const [directory = "", key = "", place = ""] = process.argv.slice(2);
const files = fileCache(createCache({ store: fileStore(directory), namespace: "builds" }));
for (let at = 0; ; at++) {
  await files.restore(key, `${place}/${at}`);
  process.send?.(at);
}
