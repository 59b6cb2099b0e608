import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** @typedef {import("./runner.mjs").Ask} Ask */
/** @typedef {import("./runner.mjs").Answer} Answer */

const RUNNER = fileURLToPath(new URL("runner.mjs", import.meta.url));

/** A process that runs tests when asked. One that does not come back, as without a step it may, is ended and made anew. */
export class TestProcess {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;

  /**
   * @param {Ask} ask
   * @param {number} milliseconds - that it may take
   * @returns {Promise<Answer | "endless">}
   */
  async run(ask, milliseconds) {
    this.#child ??= await started();
    const child = this.#child;
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, milliseconds, "endless");
    });
    const over = new AbortController();
    const answer = once(child, "message", over).then(([message]) => message);
    const ended = once(child, "exit", over).then(() => "endless");
    child.send(ask);
    const outcome = await Promise.race([answer, late, ended]);
    clearTimeout(timer);
    for (const rest of [answer, ended]) rest.catch(() => undefined);
    over.abort();
    if (outcome === "endless") await this.end();
    return outcome;
  }

  async end() {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // The tests run in a process of their own below it: the group goes as a whole.
    process.kill(-Number(child.pid), "SIGKILL");
    await once(child, "exit");
  }
}

async function started() {
  const child = fork(RUNNER, { stdio: ["ignore", "ignore", "inherit", "ipc"], detached: true });
  await once(child, "message");
  return child;
}
