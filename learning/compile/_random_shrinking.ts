/**
 * The smallest of random steps that fail.
 *
 * @module
 */
import { failureOf, type RandomStep } from "./_random_steps.ts";

/** The step without lines that nothing needs. */
function pruned(step: RandomStep): RandomStep {
  const { lines, outputs, gradient } = step;
  const needed = new Set(outputs);
  lines.forEach(({ op }, i) => op === "assign" && needed.add(i));
  if (gradient) lines.forEach((_, i) => needed.add(i));
  for (let i = lines.length - 1; i >= 0; i--) {
    if (needed.has(i)) lines[i].of.forEach((each) => needed.add(each));
  }
  const kept = lines.flatMap((_, i) => needed.has(i) ? [i] : []);
  const at = (i: number) => kept.indexOf(i);
  return {
    ...step,
    lines: kept.map((i) => ({ ...lines[i], of: lines[i].of.map(at) })),
    outputs: outputs.map(at),
  };
}

function* smaller(step: RandomStep): Generator<RandomStep> {
  const { lines, outputs } = step;
  if (step.runs > 1) yield { ...step, runs: step.runs - 1 };
  for (let i = 0; i < outputs.length; i++) {
    yield pruned({ ...step, outputs: outputs.toSpliced(i, 1) });
  }
  for (let i = lines.length - 1; i >= 0; i--) {
    const used = lines.some(({ of }) => of.includes(i)) || outputs.includes(i);
    if (!used) {
      const less = (of: readonly number[]) =>
        of.map((each) => each > i ? each - 1 : each);
      yield {
        ...step,
        lines: lines.toSpliced(i, 1).map((line) => ({
          ...line,
          of: less(line.of),
        })),
        outputs: less(outputs),
      };
    }
  }
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = lines[i];
    if (line.op === "assign" || line.op === "input") continue;
    yield pruned({
      ...step,
      lines: lines.with(i, { ...line, op: "input", of: [], with: [] }),
    });
    for (const each of line.of) {
      const same = lines[each].known;
      if (
        `${same.shape} ${same.dtype}` !==
          `${line.known.shape} ${line.known.dtype}`
      ) continue;
      const skip = (of: readonly number[]) =>
        of.map((at) => at === i ? each : at);
      yield pruned({
        ...step,
        lines: lines.map((other) => ({ ...other, of: skip(other.of) })),
        outputs: skip(outputs),
      });
    }
  }
}

/** The smallest step that fails still. */
export function shrunk(step: RandomStep): RandomStep {
  let best = step;
  for (let found = true; found;) {
    found = false;
    for (const candidate of smaller(best)) {
      if (failureOf(candidate) === undefined) continue;
      best = candidate;
      found = true;
      break;
    }
  }
  return best;
}

/** The step for the eye. */
export function describe(step: RandomStep): string {
  const { lines, outputs, variables, gradient } = step;
  return [
    `seed ${step.seed}${gradient ? ", gradient" : ""}, ${step.runs} runs`,
    ...variables.map((v, i) => `v${i}: ${v.dtype} [${v.shape}]`),
    ...lines.map(({ op, of, with: parameters, known }, i) =>
      `${i}: ${known.dtype} [${known.shape}] = ${op}(${
        of.join(", ")
      }; ${parameters})`
    ),
    `outputs ${outputs}`,
  ].join("\n");
}
