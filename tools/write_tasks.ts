/**
 * Writes `docs/tasks.md`, every task with the help of its script:
 * `deno task write-tasks`.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";

/** A task of deno.json. */
export interface Task {
  /** What it does. */
  readonly description: string;
  /** What is run. */
  readonly command: string;
}

/** A task, and others that run the same script. */
export interface TaskGroup {
  /** The task that its script is called by. */
  readonly name: string;
  /** The other tasks. */
  readonly others: readonly string[];
}

const SCRIPT = /^deno run .*?((?:scripts|bench|tools)\/\S+\.ts)/;
/** Scripts of the checks and builds have no help, or the repository's own. */
const WITH_HELP =
  /^(?:scripts\/|bench\/bench\.ts$|tools\/(?:compile|test)\.ts$)/;

/**
 * Tasks by the script that they run, in the order of deno.json; the shortest
 * command of each script comes first.
 *
 * @param tasks Of deno.json.
 */
export function groupTasks(
  tasks: Readonly<Record<string, Task>>,
): TaskGroup[] {
  const groups = new Map<string, string[]>();
  for (const [name, { command }] of Object.entries(tasks)) {
    const script = SCRIPT.exec(command)?.[1];
    // Options that are written into a task make it one of several.
    const key = script ?? command;
    groups.set(key, [...groups.get(key) ?? [], name]);
  }
  return [...groups.values()].map((names) => {
    const length = (name: string) => tasks[name].command.length;
    const [name, ...others] = names.toSorted((a, b) => length(a) - length(b));
    return { name, others };
  });
}

async function helpOf(root: string, { command }: Task): Promise<string> {
  const script = SCRIPT.exec(command)?.[1];
  if (script === undefined || !WITH_HELP.test(script)) return "";
  const [program, ...args] = command.split(" ");
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args, "--help"],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (!success) {
    throw new Error(
      `Cannot show the help of ${script}: ${decoder.decode(stderr)}`,
    );
  }
  return decoder.decode(stdout).trimEnd();
}

/** What every script's help says of options that all have. */
const COMMON = /\n\nOptions of every script:\n(?:[^\n]+\n?)*/;

function section(
  { name, others }: TaskGroup,
  tasks: Readonly<Record<string, Task>>,
  help: string,
): string {
  const same = others.map((other) =>
    `\`${other}\` (${tasks[other].description})`
  );
  const also = same.length === 0 ? "" : `\n\nAlso ${same.join(", ")}.`;
  const text = help.replace(COMMON, "");
  const body = text === ""
    ? `${tasks[name].description}.`
    : `\`\`\`text\n${text}\n\`\`\``;
  return `## ${name}\n\n${body}${also}\n`;
}

/**
 * The page's text, before `deno fmt`.
 *
 * @param root The repository's root, where scripts are asked for their help.
 */
export async function taskPage(root: string): Promise<string> {
  const config = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const tasks = config.tasks as Readonly<Record<string, Task>>;
  const groups = groupTasks(tasks);
  const helps: string[] = [];
  for (let i = 0; i < groups.length; i += 2) {
    helps.push(
      ...await Promise.all(
        groups.slice(i, i + 2).map(({ name }) => helpOf(root, tasks[name])),
      ),
    );
  }
  const rows = groups.map(({ name }) =>
    `| [\`${name}\`](#${name.replace(/[^\w-]/g, "")}) | ${
      tasks[name].description
    } |`
  );
  return [
    "# Tasks",
    "Every task, and every option of its script as `--help` shows it. Options of every script (`--seed`, `--out`, `--quiet`, `--json`, `--debug`, `--help`) are explained under [the command line](command_line.md). Written by `deno task write-tasks`.",
    ["| task | what it does |", "| --- | --- |", ...rows].join("\n"),
    ...groups.map((group, i) => section(group, tasks, helps[i])),
  ].join("\n\n");
}

/**
 * Text as `deno fmt` writes Markdown.
 *
 * @param text The text.
 */
export async function formatted(text: string): Promise<string> {
  const child = new Deno.Command("deno", {
    args: ["fmt", "--ext", "md", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout);
}

if (import.meta.main) {
  const root = fromFileUrl(new URL("..", import.meta.url));
  const text = await formatted(await taskPage(root));
  await Deno.writeTextFile(join(root, "docs", "tasks.md"), text);
}
