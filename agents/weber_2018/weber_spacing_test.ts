import { assert, assertAlmostEquals } from "@std/assert";
import { weberSpacing } from "./weber_spacing.ts";

Deno.test("weberSpacing() has the values of the paper's sets", () => {
  const fig1g = {
    sigmaExc: 0.03,
    Ne: 1600,
    Ni: 400,
    excEta: 3.6e-5,
    inhEta: 3.6e-4,
  };
  const known = [[0.08, 0.2118], [0.1, 0.2503], [0.2, 0.426], [0.3, 0.5894]];
  for (const [sigmaInh, spacing] of known) {
    assertAlmostEquals(weberSpacing({ ...fig1g, sigmaInh }), spacing, 5e-5);
  }
  const fig7b = { sigmaExc: 0.04, sigmaInh: 0.12, Ne: 2000, Ni: 500 };
  const rates = { excEta: 5e-5, inhEta: 5e-4 };
  assertAlmostEquals(weberSpacing({ ...fig7b, ...rates }), 0.3085, 5e-5);
  assert(Number.isNaN(weberSpacing({ ...fig1g, sigmaInh: 0.03 })));
  assert(
    Number.isNaN(weberSpacing({ ...fig1g, sigmaInh: 0.04, inhEta: 1e-9 })),
  );
});
