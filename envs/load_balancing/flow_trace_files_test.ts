import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import { join } from "@std/path";
import { Random } from "../../core/random.ts";
import {
  type FlowTrace,
  readFlowTrace,
  type ReadFlowTraceOptions,
} from "./flow_trace_files.ts";
import { wikiQueryReader } from "./wiki_traffic.ts";

type Content = string | Uint8Array<ArrayBuffer>;

async function read(
  content: Content,
  options?: ReadFlowTraceOptions,
): Promise<FlowTrace> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "some.trace.csv");
    await Deno.writeFile(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    return await readFlowTrace(path, options);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("readFlowTrace() reads time and work", async () => {
  const trace = await read("time,work\n0.5,0.25\n0.5,1e-3\n2,0\n");
  assertEquals(trace, {
    name: "some.trace",
    times: Float64Array.of(0.5, 0.5, 2),
    work: Float64Array.of(0.25, 0.001, 0),
    ioWork: new Float64Array(3),
    kinds: new Uint8Array(3),
  });
});

Deno.test("readFlowTrace() finds columns by name, in any order and packing", async () => {
  const rows = "\uFEFFKind, Work ,host,Time,IO_work\r\n" +
    '1,0.25,a,0,0.5\r\n255,"0.75",b,+3.,.125\r\n\r\n';
  const wanted = {
    name: "some.trace",
    times: Float64Array.of(0, 3),
    work: Float64Array.of(0.25, 0.75),
    ioWork: Float64Array.of(0.5, 0.125),
    kinds: Uint8Array.of(1, 255),
  };
  assertEquals(await read(rows), wanted);
  assertEquals(await read(await gzip(rows)), wanted);
  const tabs = rows.replaceAll(",", "\t").replaceAll('"', "");
  assertEquals(await read(tabs), wanted);
});

Deno.test("readFlowTrace() reads the original's time and query", async () => {
  const trace = await read(
    "time\tquery\n0.11\t/dummy.php/?n=5478122\n0.13\t/a?x=1&n=1000#n\n" +
      "0.15\t2e6\n",
  );
  assertEquals([...trace.times], [0.11, 0.13, 0.15]);
  const wanted = [5478122, 1000, 2e6].map((n) => n * 0.2 / 3.67e6);
  wanted.forEach((work, i) => assertAlmostEquals(trace.work[i], work, 1e-15));
  const slow = await read("time,query\n0,/?n=3\n", { secondsPerIteration: 2 });
  assertEquals([...slow.work], [6]);
});

Deno.test("readFlowTrace() reads queries as it is told", async () => {
  const trace = await read(
    "time\tquery\n1\t/wiki/index.php/Queue\n2\t/logo.png\n",
    { readQuery: wikiQueryReader({ random: new Random(1) }) },
  );
  assertEquals([...trace.kinds], [0, 1]);
  assert(trace.work.every((work) => work > 0));
  assertEquals([...trace.ioWork].map((work) => work > 0), [false, true]);
});

Deno.test("readFlowTrace() lets other columns go before a query's", async () => {
  const trace = await read("time,query,kind,io_work\n1,/?n=2,7,0.5\n", {
    secondsPerIteration: 1,
  });
  assertEquals([trace.work[0], trace.ioWork[0], trace.kinds[0]], [2, 0.5, 7]);
});

Deno.test("readFlowTrace() names the line that it cannot read", async () => {
  const header = "time,work\n";
  const query = "time\tquery\n1\t/?n=1\n";
  const tells = "expected a query that tells its work, such as /?n=1000, got ";
  const wants = "line 1: expected a header with the columns time,work or " +
    "time,query, separated by commas or tabs, got ";
  const cases: [Content, string][] = [
    ["", "expected a load trace, got an empty file"],
    ["\n\n", "expected rows below the header, got none"],
    [header, "expected rows below the header, got none"],
    ["0.1,0.2\n", wants + '"0.1,0.2"'],
    ["time;work\n1;2\n", wants + '"time;work"'],
    ["time\n1\n", wants],
    ["work,query\n1,2\n", wants],
    ["time,work,query\n1,2,3\n", wants],
    ["minute,requests\n0,5\n", wants],
    [
      "time,time,work\n1,1,1\n",
      "line 1: expected one column time, got several",
    ],
    [header + "1,2\n1\n", "line 3: expected 2 fields, got 1"],
    [header + "1,2,3\n", "line 2: expected 2 fields, got 3"],
    [header + "1\t2\n", "line 2: expected 2 fields, got 1"],
    [header + "1,2\n\n2,2\n", "line 3: expected a row, got an empty line"],
    [header + "x,2\n", 'line 2: expected a number from 0 as time, got "x"'],
    [header + "-1,2\n", 'as time, got "-1"'],
    [header + ",2\n", 'as time, got ""'],
    [header + "1e999,2\n", 'as time, got "1e999"'],
    [header + "NaN,2\n", 'as time, got "NaN"'],
    [header + "0x10,2\n", 'as time, got "0x10"'],
    [header + "1,two\n", 'line 2: expected a number from 0 as work, got "two"'],
    [header + "1,-0.1\n", 'as work, got "-0.1"'],
    [header + "1,Infinity\n", 'as work, got "Infinity"'],
    [
      header + "1,1\n3,1\n2.5,1\n",
      "line 4: expected a time from 3, the one before it, got 2.5",
    ],
    ["time,work,io_work\n1,1,-1\n", 'as io_work, got "-1"'],
    ["time,work,kind\n1,1,256\n", 'from 0 to 255 as kind, got "256"'],
    ["time,work,kind\n1,1,0.5\n", 'as kind, got "0.5"'],
    [query + "2\t/logo.png\n", `line 3: ${tells}"/logo.png"`],
    [query + "2\t/?n=\n", tells + '"/?n="'],
    [query + "2\t/?n=-4\n", tells + '"/?n=-4"'],
    [query + "2\t/?n=1e400\n", tells + '"/?n=1e400"'],
    [query + "2\t\n", tells + '""'],
    [Uint8Array.of(0x50, 0x4b, 3, 4, 0), "got a zip archive"],
    [Uint8Array.of(0, 1, 2, 3, 4, 5), "got binary data"],
    [
      "HashOwner,HashApp,HashFunction,Trigger,1\n",
      "got an Azure Functions file",
    ],
    [(await gzip(header + "1,2\n")).slice(0, -9), "expected a whole gzip file"],
  ];
  for (const [content, message] of cases) {
    const error = await assertRejects(
      () => read(content),
      SyntaxError,
      message,
    );
    assert(
      /^Cannot read trace ".*some\.trace\.csv"[^\n]*[^\n.]$/.test(
        error.message,
      ),
      error.message,
    );
  }
});

Deno.test("readFlowTrace() refuses a query reader's answers that are no job", async () => {
  const content = "time,query\n1,/x\n";
  const bad: Partial<FlowTraceJob>[] = [
    { work: NaN },
    { work: -1 },
    { work: Infinity },
    { ioWork: -1 },
    { kind: 256 },
    { kind: 0.5 },
  ];
  for (const fields of bad) {
    await assertRejects(
      () =>
        read(content, {
          readQuery: (_, into) => {
            Object.assign(into, fields);
            return true;
          },
        }),
      SyntaxError,
      'line 2: expected a query that tells its work, such as /?n=1000, got "/x"',
    );
  }
});

interface FlowTraceJob {
  work: number;
  ioWork: number;
  kind: number;
}

Deno.test("readFlowTrace() refuses a scale and a file that are not there", async () => {
  for (const secondsPerIteration of [0, -1, NaN, Infinity]) {
    await assertRejects(
      () => read("time,query\n1,1\n", { secondsPerIteration }),
      RangeError,
      `secondsPerIteration ${secondsPerIteration}`,
    );
  }
  await assertRejects(
    () => readFlowTrace("/no/such/file.csv"),
    Deno.errors.NotFound,
    'trace "/no/such/file.csv": expected a file, found none',
  );
});
