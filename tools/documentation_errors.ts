/**
 * What `deno doc --lint` says, without what it says of packages.
 *
 * @module
 */
import type { CommandResult } from "./checks.ts";
import type { CheckResult } from "./runner.ts";

/**
 * What `deno doc --lint` found in the repository's own files: a module that
 * re-exports a package makes it look into that package as well.
 *
 * @param result What the command came to.
 * @param root The repository's root.
 */
export function ownDocumentationErrors(
  result: CommandResult,
  root: string,
): CheckResult {
  const output = result.output.replaceAll("\r", "");
  const found = output.split(/^(?=error\[)/m)
    .filter((block) => block.startsWith("error["));
  const own = found.filter((block) => {
    const path = /^ *--> (.+?):\d+:\d+$/m.exec(block)?.[1];
    return path === undefined || path.startsWith(`${root}/`);
  });
  const told = Number(
    /^error: Found (\d+) documentation lint errors?\./m.exec(output)?.[1] ?? 0,
  );
  const explained = result.success || (found.length === told && told > 0);
  const ok = explained && own.length === 0;
  return {
    passed: ok ? 1 : 0,
    failed: ok ? 0 : 1,
    output: explained ? own.join("") : output,
  };
}
