/** Values and the digests they have for ever: whoever changes one makes a miss of everything that is kept. */
export const VECTORS: readonly (readonly [title: string, value: () => unknown, digest: string])[] = [
  ["undefined", () => undefined, "7002d5cb3f15edb5125851d0139c1feb4d149b06e7d02c8f29988d6d33680f98"],
  ["null", () => null, "31d9490f3335b581119f784e4cc774edff56b129749b676ff66d3219c6c45578"],
  ["true", () => true, "38bda039251c6a3fc590333b9e7c09cd8173098a55db9355e7f21daa97cb0570"],
  ["false", () => false, "581f0d6559022169be2a21ddf2fb5894a6d48aaba5d6277a2b53564e2a11750f"],
  ["0", () => 0, "50ed7c61f423a30cf173d747affd276e4caf4d27db54447fb85e8e061b1c037b"],
  ["-0", () => -0, "f95e593608bf1fcbbefc73514d7280d9882e34989ac18413b3de66f23714f3ea"],
  ["1", () => 1, "4f78c3f4d49fea5d6995216c576dafd741a854e43673d35ebdcd14f5c010095d"],
  ["0.1", () => 0.1, "36190bb92858804759db88dbdc921cc04f204b5e622b6604cbb1b268be2c07fd"],
  ["1e21", () => 1e21, "0f1f39204b6c01a6f307a2b6937a5a38457680c4e7f5869a4a2654ab1240e3f9"],
  ["NaN", () => Number.NaN, "8926051fdb8b1080cd40ea243243509cf6faab57e6854438f55b1fb636396615"],
  ["Infinity", () => Number.POSITIVE_INFINITY, "9b04c3aa937a10779218fa0587894665b763db713ba5efb50be532f20be4620f"],
  ["-Infinity", () => Number.NEGATIVE_INFINITY, "2cc5d84c23730f2d1c239612d375a3d99feac17a458eb8e00e112be48fdd8e7b"],
  ["1n", () => 1n, "77c210b1eefecf8b052093a0e9ddf060c4dfc77162177cd385b68ad41e53028c"],
  ['"1"', () => "1", "b75758ec1aa49fe60e63668a11aee6d84d4eb40104c6e65fbc92f9fe0d1b9fb4"],
  ['""', () => "", "bbbe7cc0ede1f40d63d5fffd19dc6513891c4b22abe3c81005f8dfd35cebe6a9"],
  ["text beyond ASCII", () => "naïve 漢字 🙂", "977d8e6ee4ed7938a774939598347fc35ac6a9d4c8920f4e5852e2b828c7de99"],
  ["2 ** -1074", () => Number.MIN_VALUE, "e6288938805480c5d72b5b3243e799c068e7ab3f69b20313115544c30a88c8c8"],
  ["a lone surrogate", () => "\udc80", "a9341f9cdadd78ca1b602cc30e58af5815a40f9a8f33853007872ce43062ff2a"],
  ["a long text", () => "x".repeat(1000), "cb076fddee490fb969756fe8c7a86bcaea1f77429d497d0f50f827ca4fed6f34"],
  [
    "a field with a long name",
    () => ({ ["x".repeat(1000)]: 1 }),
    "29a76deb95d9c39aec6e0ae240e27f076d0eb6f8e189bfb82de0ba1b10254e5f",
  ],
  [
    "text of 128 bytes with tag and length",
    () => "x".repeat(119),
    "4ff64151830c77fe01cd36f34d0da1e55945c44c06824ac12f56b8bba9ad4fec",
  ],
  [
    "text of 129 bytes with tag and length",
    () => "x".repeat(120),
    "4695be0f88245470f1c597a340b56201568026fec7ebd8d64b30f9203e1e20f1",
  ],
  ["10 kB", () => new Uint8Array(10_000), "4fd71d655785804c87338c86e40c0f4f1837f23eab691429ea263cb5d37c708c"],
  ["10 kB of text", () => "é".repeat(5000), "e0b3d65cde09ef010917b1d799d046e3e05bb21095fafefa3d4efd2efe72ebd8"],
  [
    "10 kB with lone surrogates",
    () => "\ud800".repeat(5000),
    "1695a5fa5f530f31d76c6658dccc4e1986641f05cfe422dc9779317f7897436a",
  ],
  ["[]", () => [], "b3fe2d31f5f78798f0f02756f9feeabfb5a92f16525518d67f0f5fdf60fe7672"],
  ["[1, [2]]", () => [1, [2]], "917622fa31b5dfb8fec3d79e7038d1a2d6ce4d0daede99ffdfe3ad8eb86d1e92"],
  ["a hole", () => new Array(1), "c52f709de4a2c13400f9303d94731182baf624c61091fb7f9ed294e13406edcb"],
  ["{}", () => ({}), "9ea2d2591c76395f42d7b5bdabf8a13ab3af96473c3c1101d1e9f8cd1538a327"],
  [
    "{ b: 1, a: { c: null } }",
    () => ({ b: 1, a: { c: null } }),
    "8fbce89a56556ac395a8c3fb75c3b01c742eb8698cd11ec5de5fed192c1e84fa",
  ],
  [
    "a map",
    () =>
      new Map<unknown, unknown>([
        ["a", 1],
        [{ b: 2 }, new Set([1])],
      ]),
    "8112ebc37e9c586a7f1ca2a2685e0122fb045350cf4d281acfaa9cb7248902d7",
  ],
  ["a set", () => new Set([1, "1"]), "dee2b040f3b978530e533499b53b68c6f9bb3fadd2f4e70695dfda5f86799e93"],
  ["a date", () => new Date(86_400_000), "d3b74085b5bfa214794cd3232a0ea1163137dcd68a852225e0ea5c4ec7c0144f"],
  ["no date", () => new Date(Number.NaN), "4853d2c9a9274599816dc9959e5731fb039f4fbcca89962ac6831cc8efc88c5e"],
  ["a pattern", () => /a+b/giu, "79804ca52475f4d438d1e19893d049fd152c4989ca1dcc8bc5e00eeea6fef166"],
  [
    "a URL",
    () => new URL("https://example.com/a?b#c"),
    "64e9f36d541926df472ac6297c8e6c878af0917e66ee50a3f9b46b448f073d8a",
  ],
  ["a Uint8Array", () => Uint8Array.of(1, 2, 255), "e23af57a88c9b7ec596570873fd40f3fce5b3961eca2ccb650cc351247f9f6fb"],
  [
    "a Float64Array",
    () => Float64Array.of(0.5, -0),
    "c70506ed7db7ee429907b121c1e871951d290b99e77a9fe5bbe3507d3140d999",
  ],
  [
    "a DataView",
    () => new DataView(new ArrayBuffer(3), 1),
    "ff05dab4777e9e231904b4bb0c433d358ab79549e3650783f447a72dbc380adb",
  ],
  [
    "an ArrayBuffer",
    () => Uint8Array.of(1, 2).buffer,
    "397966c87e1b2c92f5c123ad404062beb5cea96e5958b701640e9c0b688ffd20",
  ],
  [
    "an error",
    () => new RangeError("out", { cause: 1 }),
    "dbec8ff3855e48acc400c47cb091a57076b356141597726af1b2ccb5383dee1b",
  ],
  ["an own type", () => new Money(5, "EUR"), "24be11d99afa2a1cdb1cc497328c8ee0de96efe8615e76bb143cc33285fb906a"],
  ["an object within itself", () => within(), "bf306e54b00d336e96567cf91a200a3e655a1b16f87546696ddcadae60c8e43a"],
  ["two that hold each other", () => pair(), "cf29f6ef61b439bc91bf7eae043c5f081270d9dfbce81afd82b6c73c70996785"],
];

class Money {
  readonly #parts: readonly [number, string];
  constructor(amount: number, currency: string) {
    this.#parts = [amount, currency];
  }
  [Symbol.for("@cache/digest")]() {
    return { type: "Money", content: this.#parts };
  }
}

function within(): unknown {
  const self: { name: string; self?: unknown } = { name: "a" };
  self.self = self;
  return [self];
}

function pair(): unknown {
  const parent: { readonly children: unknown[] } = { children: [] };
  parent.children.push({ parent, name: "first" }, { parent, name: "second" });
  return parent;
}
