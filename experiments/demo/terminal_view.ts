/**
 * A demonstration as lines of text that fit a terminal.
 *
 * @module
 */
import { chartRange, drawChart, Ink } from "./chart.ts";
import type { DemoSession, ServiceState, SessionRow } from "./session.ts";

export type { DemoSession };

/** What the lines are to fit. */
export interface ViewSize {
  /** Width in characters. */
  readonly columns: number;
  /** Height in lines. */
  readonly rows: number;
  /** Whether colours are welcome. */
  readonly color: boolean;
}

const NARROWEST_PANEL = 36;
const HEADER_ROWS = 2;
/** Border and the numbers of a panel. */
const PANEL_FRAME_ROWS = 5;
const HIGHEST_CHART = 6;
const LEAST_CHART = 2;
const DEMAND = "━ demand";
const CAPACITY = "━ capacity";
const PLAIN_LEGEND = "— demand  ··· capacity";
const WIDEST_FIELD = 22;
const WIDEST_LINE_CHART = 40;
const NARROWEST_LINE_CHART = 8;

const CODES = { dim: 2, bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 };
type Style = keyof typeof CODES;
type Paint = (text: string, style: Style) => string;

function painter(color: boolean): Paint {
  return (text, style) =>
    color && text !== "" ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text;
}

/** Text of a width, cut where it is longer. */
function fit(text: string, width: number): string {
  return text.length <= width
    ? text.padEnd(width)
    : `${text.slice(0, Math.max(0, width - 1))}…`.slice(0, width);
}

const whole = (value: number) => Math.round(value).toLocaleString("en-US");
const signed = (value: number) => value > 0 ? `+${value}` : String(value);
const dollars = (value: number) => `$${value.toFixed(2)}`;

interface Look {
  readonly session: DemoSession;
  readonly size: ViewSize;
  readonly paint: Paint;
  readonly range: readonly [number, number];
  /** The best sum of rewards at this step. */
  readonly best: number;
}

/**
 * The present state of a demonstration: a panel a policy where they fit, else
 * a line a policy.
 *
 * @param session Read.
 * @param size What the lines must fit.
 * @returns At most `size.rows` lines of at most `size.columns` characters,
 * escape sequences aside.
 */
export function viewLines(session: DemoSession, size: ViewSize): string[] {
  const look: Look = {
    session,
    size,
    paint: painter(size.color),
    range: chartRange(session.load.demand),
    best: Math.max(
      ...session.rows.filter(({ states }) => !states.at(-1)!.failed)
        .map(({ states }) => states.at(-1)!.reward),
    ),
  };
  const layout = panelLayout(session.rows.length, size);
  const body = layout === undefined
    ? policyLines(look)
    : panelLines(look, layout);
  return [...headerLines(look), ...body].slice(0, size.rows);
}

function headerLines({ session, size, paint }: Look): string[] {
  const { load, step, steps } = session;
  const demand = whole(load.demand[step]);
  const title = fit(
    `${load.name}  step ${String(step).padStart(String(steps).length)} of ` +
      `${steps}  demand ${demand.padStart(6)} items`,
    size.columns,
  );
  const legend = size.color ? `${DEMAND}  ${CAPACITY}` : PLAIN_LEGEND;
  const isRoom = title.trimEnd().length + legend.length + 2 <= size.columns;
  if (!isRoom) return [paint(title, "bold"), ""];
  const left = title.slice(0, size.columns - legend.length);
  const right = size.color
    ? `${paint(DEMAND, "cyan")}  ${paint(CAPACITY, "yellow")}`
    : legend;
  return [paint(left, "bold") + right, ""];
}

interface PanelLayout {
  readonly across: number;
  readonly width: number;
  readonly chartRows: number;
}

/** The fewest panels side by side with which all fit the height. */
function panelLayout(count: number, size: ViewSize): PanelLayout | undefined {
  const height = size.rows - HEADER_ROWS;
  const most = Math.min(count, Math.floor(size.columns / NARROWEST_PANEL));
  let found: PanelLayout | undefined;
  for (let across = 1; across <= most; across++) {
    const down = Math.ceil(count / across);
    const chartRows = Math.min(
      HIGHEST_CHART,
      Math.floor(height / down) - PANEL_FRAME_ROWS,
    );
    if (chartRows < LEAST_CHART) continue;
    if (found && chartRows <= found.chartRows) continue;
    const width = Math.floor(size.columns / across);
    found = { across, width, chartRows };
  }
  return found;
}

function panelLines(look: Look, layout: PanelLayout): string[] {
  const { rows } = look.session;
  const lines: string[] = [];
  for (let first = 0; first < rows.length; first += layout.across) {
    const panels = rows.slice(first, first + layout.across)
      .map((row) => panel(row, look, layout));
    for (let i = 0; i < panels[0].length; i++) {
      lines.push(panels.map((panelLine) => panelLine[i]).join(""));
    }
  }
  return lines;
}

function panel(row: SessionRow, look: Look, layout: PanelLayout): string[] {
  const { paint } = look;
  const inner = layout.width - 4;
  const half = Math.min(WIDEST_FIELD, Math.floor((inner - 2) / 2));
  const state = row.states.at(-1)!;
  const border = (text: string) => paint(text, state.failed ? "red" : "dim");
  const field = (label: string, value: string, style?: Style) => {
    const shown = value.padStart(half - label.length);
    return paint(label, "dim") + (style ? paint(shown, style) : shown);
  };
  const line = (left: string, right: string) =>
    border("│ ") + left + "  " + right +
    " ".repeat(inner - 2 * half - 2) + border(" │");
  const title = fit(titleOf(row), Math.min(titleOf(row).length, inner - 2));
  const rule = "─".repeat(inner - title.length - 1);
  return [
    border("╭─ ") + paint(title, state.failed ? "red" : "bold") +
    border(` ${rule}╮`),
    line(
      field("instances", whole(state.instances)),
      field("queue", whole(state.queue), state.queue > 0 ? "red" : undefined),
    ),
    line(
      field("in flight", signed(state.inFlight)),
      field("load", `${Math.round(100 * state.load)} %`),
    ),
    line(
      field("return", state.reward.toFixed(2), rewardStyle(state, look)),
      field("bill", dollars(state.bill)),
    ),
    ...chartLines(row, look, { columns: inner, rows: layout.chartRows })
      .map((text) => border("│ ") + text + border(" │")),
    border(`╰${"─".repeat(layout.width - 2)}╯`),
  ];
}

function titleOf(row: SessionRow): string {
  const { failed } = row.states.at(-1)!;
  return failed
    ? `${row.name}: failed at step ${row.states.length - 1}`
    : row.name;
}

function rewardStyle(state: ServiceState, { best }: Look): Style | undefined {
  return state.reward === best && !state.failed ? "green" : undefined;
}

function chartLines(
  row: SessionRow,
  { session, size, paint, range }: Look,
  { columns, rows }: { columns: number; rows: number },
): string[] {
  const { length } = row.states;
  const styles: Partial<Record<Ink, Style>> = {
    [Ink.Demand]: "cyan",
    [Ink.Capacity]: "yellow",
    [Ink.Both]: "green",
  };
  const cells = drawChart(
    session.load.demand.subarray(0, length),
    row.states.map((state) => state.capacity),
    { columns, rows, range, steps: session.steps, dotted: !size.color },
  );
  return cells.map((line) =>
    line.map(({ text, ink }) => {
      const style = styles[ink];
      return style ? paint(text, style) : text;
    }).join("")
  );
}

interface Field {
  readonly header: string;
  readonly width: number;
  /** Whether it is left out where there is little room. */
  readonly optional?: boolean;
  value(row: SessionRow, state: ServiceState): string;
}

const FIELDS: readonly Field[] = [
  { header: "policy", width: 15, value: (row) => row.name },
  {
    header: "instances",
    width: 10,
    value: (_, { instances, inFlight }) =>
      `${whole(instances)} ${(inFlight ? signed(inFlight) : "").padStart(2)}`,
  },
  { header: "queue", width: 8, value: (_, { queue }) => whole(queue) },
  {
    header: "load",
    width: 5,
    optional: true,
    value: (_, { load }) => `${Math.round(100 * load)} %`,
  },
  {
    header: "bill",
    width: 9,
    optional: true,
    value: (_, { bill }) => dollars(bill),
  },
  { header: "return", width: 9, value: (_, { reward }) => reward.toFixed(2) },
];

function fieldLine(
  fields: readonly Field[],
  text: (field: Field) => string,
): string {
  return fields.map((field, i) =>
    i === 0 ? fit(text(field), field.width) : text(field).padStart(field.width)
  ).join(" ");
}

/** A line or two a policy, for small windows. */
function policyLines(look: Look): string[] {
  const { session, size, paint } = look;
  const all = fieldLine(FIELDS, (field) => field.header);
  const fields = FIELDS.filter((field) =>
    !field.optional || all.length <= size.columns
  );
  const head = fieldLine(fields, (field) => field.header);
  const columns = Math.min(WIDEST_LINE_CHART, size.columns - head.length - 2);
  const room = size.rows - HEADER_ROWS - 1;
  const each = Math.floor(room / session.rows.length);
  const isChart = columns >= NARROWEST_LINE_CHART;
  const rows = each >= 3 ? Math.min(each - 1, 3) : Math.max(1, each);
  const lines = session.rows.flatMap((row) => {
    const state = row.states.at(-1)!;
    const text = fieldLine(fields, (field) => field.value(row, state));
    const shown = fit(text, Math.min(head.length, size.columns));
    const numbers = state.failed ? paint(shown, "red") : shown;
    if (!isChart) return [numbers];
    const chart = chartLines(row, look, { columns, rows });
    return [
      ...chart.map((text, i) =>
        `${i === 0 ? numbers : " ".repeat(head.length)}  ${text}`
      ),
      ...each >= 3 ? [""] : [],
    ];
  });
  return [
    paint(fit(head, Math.min(head.length, size.columns)), "dim"),
    ...lines,
  ];
}
