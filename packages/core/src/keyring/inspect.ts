/** Makes Node's `util.inspect`, and with it `console.log`, show objects of a class as their own text. */
export function showAsText(prototype: object): void {
  const value = function (this: object): string {
    return String(this);
  };
  Object.defineProperty(prototype, Symbol.for("nodejs.util.inspect.custom"), { value });
}
