import type { Draft, Name } from "../ports/store.ts";

/** A draft that is known by its name as soon as it has one. */
export class NamedDraft implements Draft {
  readonly headLength: number;
  readonly body: Draft["body"];
  readonly finish: Draft["finish"];
  #name: Name | undefined;

  /** @param onName - called with the name, before the store that finishes the draft has it */
  constructor(draft: Draft, onName: (name: Name) => void = () => {}) {
    this.headLength = draft.headLength;
    this.body = draft.body;
    this.finish = () => {
      const finished = draft.finish();
      this.#name = finished.name;
      onName(finished.name);
      return finished;
    };
  }

  /** Undefined until it is finished. */
  get name(): Name | undefined {
    return this.#name;
  }
}
