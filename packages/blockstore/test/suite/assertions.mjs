import { Assertion, use } from "chai";
import promised from "chai-as-promised";

export { expect } from "chai";

use(promised);

/** Assertions that chai knows as properties, and the suite calls. */
for (const name of ["true", "false", "ok"]) {
  const { get } = Object.getOwnPropertyDescriptor(Assertion.prototype, name) ?? {};
  Object.defineProperty(Assertion.prototype, name, {
    configurable: true,
    get() {
      const asserted = get?.call(this);
      return () => asserted;
    },
  });
}
