import { assert, assertEquals } from "@std/assert";
import { patternLoad } from "./load.ts";
import { rulePolicy } from "./policies.ts";
import { startSession } from "./session.ts";
import { viewLines } from "./terminal_view.ts";

const RULES = [
  "threshold",
  "hold",
  "kubernetes-hpa",
  "target-tracking",
  "pending-aware",
  "always-add",
  "always-remove",
];

function sessionAt(step: number, rules = RULES, steps = 200) {
  const load = patternLoad("SINE_CURVE", { steps });
  const session = startSession(rules.map(rulePolicy), load);
  for (let i = 0; i < step; i++) session.advance();
  return session;
}

// deno-lint-ignore no-control-regex
const plain = (line: string) => line.replace(/\x1b\[[0-9;]*m/g, "");

Deno.test("viewLines() never leaves the window, whatever its size", () => {
  for (const step of [0, 1, 57, 200]) {
    const session = sessionAt(step);
    for (const columns of [1, 8, 20, 35, 36, 60, 61, 80, 119, 120, 250]) {
      for (const rows of [1, 2, 3, 8, 12, 24, 40, 90]) {
        for (const color of [true, false]) {
          const lines = viewLines(session, { columns, rows, color });
          assert(lines.length <= rows, `${columns} x ${rows}`);
          for (const line of lines) {
            const { length } = [...plain(line)];
            assert(
              length <= columns,
              `${columns} x ${rows}: ${length} ${line}`,
            );
          }
        }
      }
    }
  }
});

Deno.test("viewLines() is as high at every step, so that nothing jumps", () => {
  for (const [columns, rows] of [[80, 24], [120, 40], [160, 50]]) {
    const heights = [0, 1, 51, 200].map((step) =>
      viewLines(sessionAt(step), { columns, rows, color: false }).length
    );
    assertEquals(new Set(heights).size, 1, `${columns} x ${rows}`);
  }
});

Deno.test("viewLines() shows every policy with its numbers, in panels and in lines", () => {
  for (const [columns, rows] of [[120, 40], [80, 24], [61, 12]]) {
    const text = viewLines(sessionAt(200), { columns, rows, color: false })
      .join("\n");
    for (const rule of RULES) assert(text.includes(rule), rule);
    for (const number of ["-27.95", "-14.03", "-4.32", "$160.00"]) {
      assert(text.includes(number), `${columns} x ${rows}: ${number}`);
    }
    assert(text.includes("step 200 of 200"));
  }
});

Deno.test("viewLines() leaves out bill and load in a narrow window", () => {
  const text = viewLines(sessionAt(10), { columns: 50, rows: 12, color: false })
    .join("\n");
  assert(!text.includes("bill"));
  assert(text.includes("return"));
});

Deno.test("viewLines() marks a failed service and the best return", () => {
  const size = { columns: 120, rows: 40, color: true };
  const text = viewLines(sessionAt(60), size).join("\n");
  assert(plain(text).includes("always-remove: failed at step 50"));
  // deno-lint-ignore no-control-regex
  const green = text.match(/\x1b\[32m *(-?[\d.]+)\x1b/)?.[1];
  const best = sessionAt(60).rows[4].states.at(-1)!.reward;
  assertEquals(green, best.toFixed(2));
});

Deno.test("viewLines() writes no escape sequences without colour", () => {
  const size = { columns: 120, rows: 40, color: false };
  assert(!viewLines(sessionAt(60), size).join("").includes("\x1b"));
});
