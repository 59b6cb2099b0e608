// One visit in a browser: luggage of others from the server, the visit back to it.
import { visit } from "../visit.mjs";

/** @returns {Promise<unknown>} */
async function visited() {
  try {
    return await visit(await (await fetch("/luggage")).json());
  } catch (error) {
    return { luggage: {}, held: 0, read: 0, failed: [`${String(error)} ${error instanceof Error ? error.stack : ""}`] };
  }
}

await fetch("/visit", { method: "POST", body: JSON.stringify(await visited()) });
